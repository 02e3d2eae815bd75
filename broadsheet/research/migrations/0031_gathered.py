from django.db import migrations, models


def delete_gatherings(apps, schema_editor):
    """Until now these were counted in rows of a network's, which named a reader and would outlast them."""
    apps.get_model("research", "Tally").objects.filter(reader=None, network__startswith="gathers for ").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("research", "0020_dossiers_as_their_readers_saw_them"),
    ]

    operations = [
        migrations.AddField(
            model_name="tally",
            name="gathered",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(delete_gatherings, migrations.RunPython.noop),
    ]

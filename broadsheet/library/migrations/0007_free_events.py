from django.db import migrations, models


def glean_anew(apps, schema_editor):
    """Which events strangers are told of, and to what articles of before 0005 link: the worker goes through all of them again."""
    apps.get_model("library", "Gleaning").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("library", "0006_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="telling",
            name="free_event",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RemoveField(
            model_name="telling",
            name="free",
        ),
        migrations.RunPython(glean_anew, migrations.RunPython.noop, elidable=True),
    ]

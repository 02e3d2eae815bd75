from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("research", "0030_examples_tried"),
    ]

    operations = [
        migrations.AddField(
            model_name="dossier",
            name="for_subscriber",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="dossier",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

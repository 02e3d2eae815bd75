import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("membership", "0002_gifts")]

    operations = [
        migrations.AddField(
            model_name="meterrules",
            name="devices",
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text="One more logs out the one that was not used the longest. 0: as many as a reader likes.",
                verbose_name="devices logged in at once",
            ),
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("described", models.CharField(help_text="browser and system, in words", max_length=60)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="to the hour")),
                ("ended_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True, choices=[("by reader", "By Reader"), ("crowded", "Crowded")], max_length=9
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="devices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]

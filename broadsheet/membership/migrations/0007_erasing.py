import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("membership", "0006_gift_terms")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(blank=True, help_text="for the mail that says it is done", max_length=254)),
                ("wanted_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                (
                    "reader",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="erasure", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("membership", "0004_groups")]

    operations = [
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_address", models.EmailField(help_text="Of whoever did it, as it was then.", max_length=254)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("comp", "Gave free reading"),
                            ("term", "Wrote a term"),
                            ("extend", "Extended a term"),
                            ("end", "Ended a term"),
                            ("refund", "Paid back"),
                            ("look", "Looked as the reader"),
                            ("looked", "Stopped looking"),
                        ],
                        max_length=8,
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=300)),
                ("done_at", models.DateTimeField(db_index=True)),
                ("reference", models.CharField(blank=True, max_length=120)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="deeds", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "permissions": [("look_as_reader", "Can look as a reader"), ("refund_charge", "Can pay a charge back")],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True), fields=("reference",), name="one_deed_a_reference"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="reading", index=models.Index(fields=["reason", "read_at", "story"], name="readings_by_reason")
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletters", "0010_one_edition_a_day_that_may_go_out"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listed", models.PositiveIntegerField()),
                ("waiting", models.PositiveIntegerField()),
                ("sent", models.PositiveIntegerField()),
                ("refused", models.PositiveIntegerField()),
                ("passed_over", models.PositiveIntegerField()),
                ("in_doubt", models.PositiveIntegerField()),
                ("returned", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tally", to="newsletters.edition"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "tallies",
            },
        ),
    ]

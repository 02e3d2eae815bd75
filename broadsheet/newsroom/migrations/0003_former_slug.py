from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0002_correction_dated_now"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("axis", models.CharField(max_length=12)),
                ("slug", models.SlugField(max_length=120)),
                ("row", models.BigIntegerField(help_text="the number of the value that had it last")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("axis", "slug"), name="one_value_per_former_slug")],
            },
        ),
    ]

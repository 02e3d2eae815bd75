from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("research", "0003_examples"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExamplesTried",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
    ]

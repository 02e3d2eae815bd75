from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0012_mode_of_given_years"),
    ]

    operations = [
        migrations.AddField(
            model_name="givenyear",
            name="sent_again",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often its mail was, as its giver asked."),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_reckoned"),
    ]

    operations = [
        migrations.AddField(
            model_name="givenyear",
            name="wanted_back_at",
            field=models.DateTimeField(blank=True, help_text="Its giver asked for the money.", null=True),
        ),
        migrations.AddField(
            model_name="givenyear",
            name="paid_back_at",
            field=models.DateTimeField(blank=True, help_text="And all of it went back.", null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0014_bought_at_a_checkout"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="status",
            field=models.CharField(
                choices=[
                    ("incomplete", "first charge not answered yet"),
                    ("incomplete_expired", "never paid"),
                    ("trialing", "on trial"),
                    ("active", "active"),
                    ("past_due", "charge failed, tried again"),
                    ("unpaid", "charge failed, given up"),
                    ("canceled", "ended"),
                    ("paused", "trial over, no card"),
                ],
                max_length=18,
            ),
        ),
    ]

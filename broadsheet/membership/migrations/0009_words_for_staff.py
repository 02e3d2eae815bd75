from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0008_no_history"),
    ]

    operations = [
        migrations.AlterField(
            model_name="term",
            name="payment",
            field=models.CharField(
                choices=[("paid", "Paid"), ("past_due", "Charge failed"), ("lapsed", "Lapsed")], default="paid", max_length=8
            ),
        ),
    ]

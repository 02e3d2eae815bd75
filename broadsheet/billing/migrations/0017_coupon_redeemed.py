import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_paid_from_credit")]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="coupon",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subscriptions",
                to="billing.coupon",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="first_charge",
            field=models.PositiveIntegerField(blank=True, help_text="When its trial ends, as Stripe reckons it.", null=True),
        ),
    ]

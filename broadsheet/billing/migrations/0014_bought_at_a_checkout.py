import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_years_sent_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="checkout",
            name="bought_at",
            field=models.DateTimeField(blank=True, db_index=True, help_text="When what was bought here began.", null=True),
        ),
        migrations.AddField(
            model_name="checkout",
            name="live",
            field=models.BooleanField(default=False, verbose_name="bought with real money"),
        ),
        migrations.AlterField(
            model_name="checkout",
            name="reader",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="checkouts", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]

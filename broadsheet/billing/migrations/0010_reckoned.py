from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0009_mode"),
    ]

    operations = [
        migrations.AddField(
            model_name="ending",
            name="reckoned",
            field=models.TextField(blank=True, help_text="How the sum came out, as its reader was shown it."),
        ),
        migrations.AddField(
            model_name="sellingrules",
            name="asks_tax_id",
            field=models.BooleanField(
                default=False,
                help_text="On the payment page, for whoever has one. Receipts print it. "
                "The name and address are asked for always.",
                verbose_name="ask buyers for a tax number",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0015_words_for_staff")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="credit",
            field=models.IntegerField(default=0, help_text="What a credit paid of it."),
        ),
    ]

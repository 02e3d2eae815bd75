from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("membership", "0007_erasing")]

    operations = [
        migrations.AddField(
            model_name="reader",
            name="no_history_since",
            field=models.DateTimeField(blank=True, editable=False, help_text="Readings bear no name.", null=True),
        ),
    ]

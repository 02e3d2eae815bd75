"""What stands below the title of a day's roundup, if somebody writes it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wire", "0006_credit_of_a_rival")]

    operations = [
        migrations.AddField(
            "dayoflinks",
            "standfirst",
            models.TextField(blank=True, help_text="Empty: how many pieces, and from which outlets."),
        ),
    ]

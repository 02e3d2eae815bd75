"""Rival readings say by whom they are and of when, as picks do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wire", "0005_newest_items_of_a_source")]

    operations = [
        migrations.AddField("rival", "author", models.CharField(blank=True, max_length=200)),
        migrations.AddField("rival", "published_on", models.DateField(blank=True, null=True)),
    ]

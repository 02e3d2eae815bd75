"""The newest items of each source, found without looking at the others: the desk asks that of five hundred at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wire", "0004_language_of_a_rival")]

    operations = [
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["source", "-sorted_at"], name="items_of_a_source"),
        ),
    ]

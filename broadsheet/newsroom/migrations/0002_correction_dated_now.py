import broadsheet.kit.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="corrected_at",
            field=models.DateTimeField(default=broadsheet.kit.clock.now),
        ),
    ]

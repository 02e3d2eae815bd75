from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsletters', '0006_whether_visits_are_counted'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='moved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

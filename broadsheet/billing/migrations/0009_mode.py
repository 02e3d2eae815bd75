from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0008_pauses'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField()),
                ('put_by', models.JSONField(default=dict)),
            ],
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wire', '0001_first_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='About',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=140)),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='about', to='wire.story')),
            ],
            options={
                'verbose_name_plural': 'about',
                'constraints': [models.UniqueConstraint(fields=('name', 'story'), name='a_story_is_about_a_thing_once')],
            },
        ),
    ]

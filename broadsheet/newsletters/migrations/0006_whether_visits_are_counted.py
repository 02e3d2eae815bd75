from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsletters', '0005_where_a_newsletter_stood'),
    ]

    operations = [
        migrations.CreateModel(
            name='NewsletterRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count_visits', models.BooleanField(default=False, help_text='Links to articles in an edition then say from which newsletter and day they come, the same for every reader, and the desk counts by edition how often they are followed, not by whom. The page on privacy says so by itself.', verbose_name='count visits from editions')),
            ],
            options={
                'verbose_name': 'Newsletters',
            },
        ),
    ]

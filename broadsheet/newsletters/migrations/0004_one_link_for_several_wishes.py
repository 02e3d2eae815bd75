from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsletters', '0002_an_address_that_asked'),
    ]

    operations = [
        migrations.AlterField(
            model_name='wish',
            name='link_hash',
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.UniqueConstraint(fields=('link_hash', 'newsletter'), name='a_link_asks_for_a_newsletter_once'),
        ),
    ]

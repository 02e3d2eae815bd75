import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0005_parts_of_endings'),
    ]

    operations = [
        migrations.CreateModel(
            name='SellingRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seller', models.TextField(blank=True, help_text="Name, postal address, tax number, a line each. Empty: the publication's name and its address on the web.", max_length=600, verbose_name='who sells, as receipts say it')),
                ('withdrawal_days', models.PositiveSmallIntegerField(default=14, help_text='Whole days after the day of purchase, with all of the money back. The law of the European Union asks for 14. 0: nobody can.', validators=[django.core.validators.MaxValueValidator(365)], verbose_name='days for withdrawing from a new subscription')),
            ],
            options={
                'verbose_name': 'Selling',
            },
        ),
        migrations.AddField(
            model_name='ending',
            name='withdrawn',
            field=models.BooleanField(default=False, verbose_name='by withdrawing from the contract'),
        ),
    ]

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('membership', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='meterrules',
            name='gifts_a_month',
            field=models.PositiveSmallIntegerField(
                default=5,
                help_text='By a link that opens without an account. 0: none.',
                verbose_name='articles that a subscriber may give away a month',
            ),
        ),
        migrations.AddField(
            model_name='meterrules',
            name='gift_days',
            field=models.PositiveSmallIntegerField(
                default=14,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)],
                verbose_name='days for which such a link works',
            ),
        ),
        migrations.AddField(
            model_name='meterrules',
            name='gift_openings',
            field=models.PositiveSmallIntegerField(
                default=25,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)],
                verbose_name='readers for whom such a link works',
            ),
        ),
        migrations.CreateModel(
            name='Gift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('story', models.CharField(max_length=40)),
                ('path', models.CharField(help_text='where the story stood', max_length=500)),
                ('given_at', models.DateTimeField(db_index=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('openings', models.PositiveIntegerField(help_text='in how many browsers it opens')),
                ('opened', models.PositiveIntegerField(default=0)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                (
                    'reader',
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name='gifts', to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(
                        condition=models.Q(('opened__lte', models.F('openings'))), name='a_gift_opens_so_often_and_no_more'
                    )
                ],
            },
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletters", "0008_how_far_an_edition_went"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="edition",
            name="a_newsletter_has_one_edition_a_day",
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None), ("begun_at__isnull", False), _connector="OR"),
                fields=("newsletter", "goes_on"),
                name="a_newsletter_has_one_edition_a_day",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletters", "0012_what_became_of_an_edition"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", False)), fields=["sent_at"], name="deliveries_by_when_they_left"
            ),
        ),
    ]

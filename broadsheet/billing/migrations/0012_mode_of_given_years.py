from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def tell_live(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Stripe's names for Checkouts say their mode."""
    apps.get_model("billing", "GivenYear").objects.filter(reference__startswith="cs_live_").update(live=True)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_years_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="givenyear",
            name="live",
            field=models.BooleanField(default=False, verbose_name="paid with real money"),
            preserve_default=False,
        ),
        migrations.RunPython(tell_live, migrations.RunPython.noop),
    ]

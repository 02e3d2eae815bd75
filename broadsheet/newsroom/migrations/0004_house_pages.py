import wagtail.fields
from django.db import migrations, models

KINDS = (("terms", "Terms"), ("privacy", "Privacy"), ("imprint", "Imprint"), ("contact", "Contact"))


def make_them(apps, schema_editor):
    """Empty: a new publication gets headings to fill, one that was there finds them to be written."""
    pages = apps.get_model("newsroom", "HousePage").objects.using(schema_editor.connection.alias)
    for kind, _ in KINDS:
        pages.get_or_create(kind=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0003_former_slug"),
    ]

    operations = [
        migrations.CreateModel(
            name="HousePage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, editable=False, max_length=8, unique=True, verbose_name="page")),
                ("body", wagtail.fields.RichTextField(blank=True, verbose_name="text")),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunPython(make_them, migrations.RunPython.noop, elidable=True),
    ]

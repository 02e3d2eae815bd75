from collections import defaultdict
from itertools import combinations

from django.db import migrations, models


def count(apps, schema_editor):
    """Of what was gleaned before; from here on gleaning keeps count."""
    Named, Relation = apps.get_model("library", "Named"), apps.get_model("library", "Relation")
    standing = apps.get_model("press", "Pressing").objects.filter(withdrawn_at__isnull=True)
    changed = dict(standing.values_list("article_id", "changed_at").iterator())
    countries = defaultdict(list)
    rows = Named.objects.filter(freely=True, actor__startswith="country:").order_by("actor")
    for article, actor in rows.values_list("article_id", "actor").iterator():
        if article in changed:
            countries[article].append(actor)
    moments = defaultdict(list)
    for article, actors in countries.items():
        for pair in combinations(actors, 2):
            moments[pair].append(changed[article])
    Relation.objects.bulk_create(
        [Relation(one=one, other=other, articles=len(of), changed_at=max(of)) for (one, other), of in moments.items()],
        batch_size=1_000,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("library", "0007_free_events"),
        ("press", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("one", models.CharField(max_length=130)),
                ("other", models.CharField(max_length=130)),
                ("articles", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField(help_text="of those articles the one that changed last")),
            ],
            options={
                "indexes": [models.Index(fields=["other", "one"], name="relations_of_the_other")],
                "constraints": [models.UniqueConstraint(fields=["one", "other"], name="two_countries_are_counted_once")],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
    ]

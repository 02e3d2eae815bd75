"""Groups of houses made before get the rights to what a migration has just brought.

Only those: a right that was there and taken away by hand stays away.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as registry
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connections, transaction
from django.db.models.signals import post_migrate, pre_migrate

from broadsheet.newsroom.layout import GROUPS, lay_out_groups_that_came_since

_before: dict[str, set[str]] = {}  # app -> its rights before it was migrated


def connect() -> None:
    pre_migrate.connect(remember)
    post_migrate.connect(give)


def remember(sender: AppConfig, using: str, **_: Any) -> None:
    if _named(sender.label):
        known = Permission._meta.db_table in connections[using].introspection.table_names()
        _before[sender.label] = _rights_over(sender.label, using) if known else set()


def give(sender: AppConfig, using: str, apps: Any = registry, **_: Any) -> None:
    before = _before.pop(sender.label, None)
    if before is not None:
        with transaction.atomic(using=using):  # or one that is killed between the two would find nothing new the next time
            _give(sender, using, apps, before)


def _give(sender: AppConfig, using: str, apps: Any, before: set[str]) -> None:
    create_permissions(sender, verbosity=0, using=using, apps=apps)  # Django's own turn comes later, and finds nothing to do
    fresh = _rights_over(sender.label, using) - before
    if fresh:
        lay_out_groups_that_came_since()
    for group in Group.objects.using(using).filter(name__in=GROUPS) if fresh else ():
        wanted = {right.partition(".")[2] for right in GROUPS[group.name][0] if right.startswith(f"{sender.label}.")}
        rows = Permission.objects.using(using).filter(content_type__app_label=sender.label, codename__in=wanted & fresh)
        group.permissions.add(*rows)


def _named(app: str) -> bool:
    return any(right.startswith(f"{app}.") for rights, *_ in GROUPS.values() for right in rights)


def _rights_over(app: str, using: str) -> set[str]:
    return set(Permission.objects.using(using).filter(content_type__app_label=app).values_list("codename", flat=True))

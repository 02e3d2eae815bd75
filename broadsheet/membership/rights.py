"""Who may change whom on the desk: nobody gives, and nobody takes over, rights beyond their own."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission

from broadsheet.membership.models import Reader

Rights = frozenset[tuple[str, int, int]]  # over what, which one, the permission


def may_change(by: Reader, reader: Reader) -> bool:
    """Who changes an address can log in by it: so whoever holds more is for those to change who hold as much."""
    return by.is_superuser or by == reader or (not reader.is_superuser and rights_of(reader) <= rights_of(by))


def groups_to_give(by: Reader) -> QuerySet[Group]:
    groups = Group.objects.all()
    if by.is_superuser:
        return groups
    own = rights_of(by)
    return groups.filter(pk__in=[group.pk for group in groups if _rights_of_groups([group.pk]) <= own])


def rights_of(reader: Reader) -> Rights:
    """As rows say it; what a superuser may without any is not in here."""
    in_person = frozenset(("all", 0, pk) for pk in reader.user_permissions.values_list("pk", flat=True))
    return in_person | _rights_of_groups(reader.groups.values_list("pk", flat=True))


def _rights_of_groups(groups: Iterable[int]) -> Rights:
    of_these = {"group__in": list(groups)}
    anywhere = Permission.objects.filter(**of_these).values_list("pk", flat=True)
    pages = GroupPagePermission.objects.filter(**of_these).values_list("page_id", "permission_id")
    files = GroupCollectionPermission.objects.filter(**of_these).values_list("collection_id", "permission_id")
    sites = GroupSitePermission.objects.filter(**of_these).values_list("site_id", "permission_id")
    scoped = (("page", pages), ("collection", files), ("site", sites))
    return frozenset(("all", 0, pk) for pk in anywhere) | frozenset((over, *row) for over, rows in scoped for row in rows)

"""The first day of an empty publication: its site, its places, its owner."""

from django.contrib.auth.models import Group
from django.db import transaction

from broadsheet.config.importing import print_waiting
from broadsheet.kit import clock
from broadsheet.membership.actions import engage
from broadsheet.newsletters.layout import lay_out_newsletters
from broadsheet.newsroom.imports.axes import lay_out_places
from broadsheet.newsroom.layout import lay_out_the_site


def lay_out(*, name: str, owner: str) -> None:
    at = clock.now()
    with transaction.atomic():
        lay_out_the_site(name=name, at=at)
        lay_out_places()
        lay_out_newsletters()
        reader = engage(address=owner, at=at)
        reader.is_superuser = True  # somebody must be able to give rights, and there is nobody else
        reader.save(update_fields=["is_superuser"])
        reader.groups.add(Group.objects.get(name="Publishers"))
    print_waiting()

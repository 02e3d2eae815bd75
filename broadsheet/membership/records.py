"""What the house holds of a reader, table by table: what is handed out on demand, and what erasing does with each.

Rooms above register their own tables when they start. A house test finds every table that points at a reader and is not told of.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from broadsheet.membership.models import Reader

ERASURE = "membership.Erasure"  # a row only once it was asked for, and told of before


def as_it_is(address: str) -> Iterable[str]:
    return (address,)


class Fate(StrEnum):
    DELETED = "deleted"
    UNLINKED = "unlinked"  # the row stays, and nobody knows whose it was
    KEPT = "kept"
    PASSES = "passes"  # it is needed after the erasing, and goes by itself within a day


@dataclass(frozen=True, slots=True)
class Table:
    """`label` as Django has it. `whose`: the way from a row to the reader's number, or to an address of theirs if `by_address`.

    `name`: of its file in what is handed out; "" where it is not. `secret`: fields that are not. `blank`: fields emptied
    where a row is unlinked. `why`: of a row that is kept,
    or of a table that is not handed out, as its reader is told. `told`: of rows that are kept, those of which that is true.
    `spellings`: an address as the table may hold it.
    """

    label: str
    whose: str
    fate: Fate
    name: str = ""
    why: str = ""
    secret: frozenset[str] = frozenset()
    by_address: bool = False
    blank: frozenset[str] = frozenset()
    told: models.Q = field(default_factory=models.Q)
    spellings: Callable[[str], Iterable[str]] = as_it_is

    def rows(self, reader: Reader) -> "models.QuerySet[Any]":
        model = apps.get_model(self.label)
        if not self.by_address:
            return model._default_manager.filter(**{self.whose: reader.pk}).order_by("pk")
        theirs = {spelling for address in addresses_of(reader) for spelling in self.spellings(address)}
        return model._default_manager.filter(**{f"{self.whose}__in": sorted(theirs)}).order_by("pk")

    def fields(self) -> list[str]:
        return [field.attname for field in apps.get_model(self.label)._meta.concrete_fields if field.name not in self.secret]


_tables: dict[str, Table] = {}


def register(*tables: Table) -> None:
    """The order is that in which they are erased: what points at another comes before it."""
    for table in tables:
        if not table.why and (table.fate is Fate.KEPT or not table.name):
            raise ValueError(f"{table.label}: what is kept or not handed out needs a reason.")
        _tables[f"{table.label} {table.whose}"] = table


def tables() -> Iterator[Table]:
    yield from reversed(_tables.values())  # rooms above point at those below


def told_of() -> set[str]:
    """Each as "app.Model field": the first step of the way to the reader."""
    return {f"{table.label} {table.whose.partition('__')[0]}" for table in _tables.values()}


def kept_for(reader: Reader) -> list[str]:
    """What erasing leaves of theirs, and why, in sentences for them, whom tables that are not handed out do not concern."""
    kept = [table for table in tables() if table.fate is Fate.KEPT and table.name]
    return list(
        dict.fromkeys(table.why for table in kept if table.label == ERASURE or table.rows(reader).filter(table.told).exists())
    )


def addresses_of(reader: Reader) -> list[str]:
    known = apps.get_model("account.EmailAddress")._default_manager.filter(user=reader).values_list("email", flat=True)
    return sorted({reader.email, *known})

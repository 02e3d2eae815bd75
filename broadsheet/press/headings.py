"""What a list is called, what stands at its head, and what it belongs to: "countries/mali" is Mali, one of the countries."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from broadsheet.newsroom.addresses import AXIS_FOLDERS, axis_path
from broadsheet.newsroom.galley import Link
from broadsheet.newsroom.models import ArticleIndex, Country, Region
from broadsheet.newsroom.ties import AXIS_MODELS
from broadsheet.press.policy import LATEST

AXIS_OF_FOLDER = {folder: axis for axis, folder in AXIS_FOLDERS.items()}
TYPE = "type"


@dataclass(frozen=True, slots=True)
class Heading:
    """`kind`: an axis ("country"), "type" or "latest". `pk`: of the axis' row, or 0. `address`: of what is no list."""

    list: str
    kind: str
    title: str
    standfirst: str = ""
    pk: int = 0
    index: Link | None = None
    related: tuple[Link, ...] = ()
    keys: frozenset[str] = frozenset()
    address: str = ""

    @property
    def path(self) -> str:
        return self.address or f"/{self.list}/"


def heading_of(list_name: str) -> Heading | None:
    """None where there is no such list, whether or not anything stands on it."""
    folder, slash, slug = list_name.partition("/")
    if slash:
        return _of_axis(list_name, AXIS_OF_FOLDER[folder], slug) if folder in AXIS_OF_FOLDER else None
    if list_name == LATEST:
        return Heading(list=LATEST, kind=LATEST, title=_("Latest"))
    index = ArticleIndex.objects.filter(slug=list_name, live=True).first()
    return Heading(list=list_name, kind=TYPE, title=index.title) if index else None


def index_title(axis: str) -> str:
    return {
        "region": _("Regions"),
        "country": _("Countries"),
        "issue": _("Issues"),
        "section": _("Sections"),
        "series": _("Series"),
        "contributor": _("Contributors"),
    }[axis]


def _of_axis(list_name: str, axis: str, slug: str) -> Heading | None:
    row = AXIS_MODELS[axis].objects.filter(slug=slug).first()
    if row is None:
        return None
    related, keys = _around(row)
    return Heading(
        list=list_name,
        kind=axis,
        title=row.name,
        standfirst=row.standfirst,
        pk=row.pk,
        index=Link(index_title(axis), f"/{AXIS_FOLDERS[axis]}/"),
        related=related,
        keys=frozenset({f"{axis}:{row.pk}"}) | keys,
    )


def _around(row: object) -> tuple[tuple[Link, ...], frozenset[str]]:
    """A country's regions; a region's countries stand on the index of countries."""
    if not isinstance(row, Country):
        return (), frozenset()
    regions: list[Region] = list(row.regions.all())
    links = tuple(Link(region.name, axis_path("region", region.slug)) for region in regions)
    return links, frozenset(f"region:{region.pk}" for region in regions)

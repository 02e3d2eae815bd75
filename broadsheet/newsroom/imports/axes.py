"""The axes that an import needs: found once, made where they are missing, then looked up in memory."""

from collections.abc import Iterable

from slugify import slugify

from broadsheet.newsroom.addresses import WORDS_OF_LISTS
from broadsheet.newsroom.imports.record import Record
from broadsheet.newsroom.models import Contributor, Country, Issue, Region
from broadsheet.newsroom.models.axes import Axis
from broadsheet.newsroom.places import REGIONS, codes_by_name, places


def lay_out_places() -> None:
    """Every region and country as shipped; what the desk has changed stays as it is."""
    for order, (slug, name) in enumerate(REGIONS.items()):
        Region.objects.get_or_create(slug=slug, defaults={"name": name, "order": order})
    known = set(Country.objects.values_list("code", flat=True))
    missing = [place for place in places().values() if place.code not in known]
    Country.objects.bulk_create([Country(code=place.code, name=place.name, slug=place.slug) for place in missing])
    region_ids = dict(Region.objects.values_list("slug", "id"))
    country_ids = dict(Country.objects.values_list("code", "id"))
    membership = Country.regions.through
    membership.objects.bulk_create(
        [
            membership(country_id=country_ids[place.code], region_id=region_ids[region])
            for place in missing
            for region in place.regions
            if region in region_ids
        ]
    )


class AxesAtHand:
    """Ids by the words of the records. Contributors and issues that nobody knew are made."""

    def __init__(self) -> None:
        self.countries: dict[str, int] = dict(Country.objects.values_list("code", "id"))
        self.regions_by_name: dict[str, int] = dict(Region.objects.values_list("name", "id"))
        self.regions_of: dict[int, list[int]] = {}
        for country_id, region_id in Country.regions.through.objects.values_list("country_id", "region_id"):
            self.regions_of.setdefault(country_id, []).append(region_id)
        self._contributors: dict[str, int] = dict(Contributor.objects.values_list("slug", "id"))
        self._issues: dict[str, int] = dict(Issue.objects.values_list("slug", "id"))

    def prepare(self, records: Iterable[Record]) -> None:
        """Make what these records name and nobody has, before they are shelved."""
        for record in records:
            for author in record.authors:
                _make(Contributor, author, self._contributors)
            for topic in record.topics:
                _make(Issue, topic, self._issues)

    def contributors(self, record: Record) -> list[int]:
        return [self._contributors[_slug(author)] for author in record.authors]

    def issues(self, record: Record) -> list[int]:
        return list(dict.fromkeys(self._issues[_slug(topic)] for topic in record.topics))

    def countries_of(self, record: Record) -> list[int]:
        found = (self._country(word) for word in record.countries)
        return list(dict.fromkeys(pk for pk in found if pk is not None))

    def _country(self, word: str) -> int | None:
        """By its code, or by a name of it."""
        code = word.upper() if word.upper() in self.countries else codes_by_name().get(word.replace("’", "'").casefold(), "")
        return self.countries.get(code)

    def unknown_places(self, record: Record) -> list[str]:
        countries = [f"unknown country {word!r} left out" for word in record.countries if self._country(word) is None]
        regions = [f"unknown region {name!r} left out" for name in record.regions if name not in self.regions_by_name]
        return countries + regions

    def regions(self, record: Record) -> list[int]:
        """The regions a record names; where it names none, those of its countries."""
        named = [self.regions_by_name[name] for name in record.regions if name in self.regions_by_name]
        derived = [region for country in self.countries_of(record) for region in self.regions_of.get(country, [])]
        return list(dict.fromkeys(named or derived))


def _make(model: type[Axis], name: str, known: dict[str, int]) -> None:
    slug = _slug(name)
    if slug not in known:
        known[slug] = model._default_manager.create(name=name[:200], slug=slug).pk


def _slug(name: str) -> str:
    slug = slugify(name, max_length=110) or "unnamed"
    return f"the-{slug}" if slug in WORDS_OF_LISTS else slug

"""Presses the largest pages of countries, relations and issues, timed, in the state that the environment names. Prints JSON."""

import json
import time
from collections.abc import Callable, Iterable
from statistics import median

from django.utils import timezone

from broadsheet.library import together
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.subjects import relation_path
from broadsheet.newsroom.models import Country
from broadsheet.press.actions import press_page
from broadsheet.press.kinds import kind_named
from broadsheet.press.listings import compose_head
from broadsheet.press.queries import counts_under

LARGEST, TIMES = 20, 3


def main() -> None:
    glean_new(at=timezone.now())
    countries, issues = _largest("countries"), _largest("issues")
    for page in (countries[0], issues[0]):  # templates are read once
        _press(page)
    figures = {
        "country_page": _worst(_press, countries),
        "relation_page": _worst(_press, _largest_relations()),
        "issue_page": _worst(_press, issues),
        "country_list_alone": _worst(_list_alone, countries),
    }
    print(json.dumps({f"{name}_{unit}_worst": took for name, both in figures.items() for unit, took in both.items()}))


def _largest(axis: str) -> list[str]:
    counts = counts_under(axis)
    return [f"/{name}/" for name in sorted(counts, key=lambda name: (-counts[name], name))[:LARGEST]]


def _largest_relations() -> list[str]:
    slugs = {f"country:{code}": slug for code, slug in Country.objects.values_list("code", "slug")}
    return [relation_path(slugs[one], slugs[other]) for one, other, _ in together.all_pairs()[:LARGEST]]


def _worst(do: Callable[[str], None], paths: Iterable[str]) -> dict[str, float]:
    """Milliseconds on the wall's clock, and of this process's CPU."""
    took = [[_took(do, path) for _ in range(TIMES)] for path in paths]
    wall, cpu = (max(median(each[unit] for each in of_page) for of_page in took) for unit in (0, 1))
    return {"ms": wall, "cpu_ms": cpu}


def _took(do: Callable[[str], None], path: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    do(path)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def _press(path: str) -> None:
    if press_page(path, at=timezone.now()) is None:
        raise LookupError(f"There is no page at {path}.")


def _list_alone(path: str) -> None:
    kind = kind_named("head")
    match = kind and kind.paths.fullmatch(path)
    assert match
    compose_head(path, match, timezone.now())


if __name__ == "__main__":
    main()

"""What else a country is called when somebody looks for it: country:UK, country:USA, country:Burma. Pure."""

from functools import cache

from broadsheet.library.gazetteer import NAMES
from broadsheet.library.letters import folded
from broadsheet.newsroom.places import codes_by_name


@cache
def _by_code() -> dict[str, frozenset[str]]:
    """Folded. What stands after ~ is no name of it, and what several are called is none's."""
    lines = [line.partition(" ") for line in (NAMES / "countries.txt").read_text().splitlines() if line and line[0] != "#"]
    called = {code: {folded(name) for name in names.partition("~")[0].split(";")} - {""} for code, _, names in lines}
    times: dict[str, int] = {}
    for names in called.values():
        for name in names:
            times[name] = times.get(name, 0) + 1
    return {code: frozenset(name for name in names if times[name] == 1) for code, names in called.items()}


def also_called(name: str) -> frozenset[str]:
    """Of a country by our name or the usual English one."""
    return _by_code().get(codes_by_name().get(name.casefold(), ""), frozenset())

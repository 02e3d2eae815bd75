"""The list of sources that a new publication begins with."""

from collections import Counter
from pathlib import Path

from defusedxml import ElementTree

from broadsheet.wire.reading.links import link_key
from broadsheet.wire.reading.opml import read_outlines

STARTER = Path(__file__).parents[2] / "broadsheet" / "wire" / "starter.opml"


def test_it_is_read_without_trouble():
    outlines = read_outlines(STARTER.read_bytes())

    assert outlines.trouble == ""
    assert 60 <= len(outlines.feeds) <= 80


def test_no_source_stands_in_it_twice():
    written = [element for element in ElementTree.parse(STARTER).iter("outline") if element.get("xmlUrl")]
    names = Counter(element.get("title") for element in written)
    keys = Counter(link_key(element.get("xmlUrl")) for element in written)

    assert [name for counted in (names, keys) for name, times in counted.items() if times > 1] == []
    assert len(read_outlines(STARTER.read_bytes()).feeds) == len(written)


def test_every_address_is_safe_and_every_source_says_its_language():
    written = [element for element in ElementTree.parse(STARTER).iter("outline") if element.get("xmlUrl")]

    assert {element.get(name).partition(":")[0] for element in written for name in ("xmlUrl", "htmlUrl")} == {"https"}
    assert {element.get("language") for element in written} >= {"en", "fr", "de", "es", "ar"}
    read = read_outlines(STARTER.read_bytes()).feeds
    assert [outline.language for outline in read] == [element.get("language") for element in written]


def test_every_part_of_the_world_has_sources():
    folders = Counter(outline.folders for outline in read_outlines(STARTER.read_bytes()).feeds)

    assert set(folders) >= {
        (name,)
        for name in ("World", "Analysis", "Africa", "Asia-Pacific", "Europe", "Middle East & North Africa", "The Americas")
    }
    assert min(folders.values()) >= 4

"""Stylesheet, faces, script and colours: light enough, whole, and readable in both themes."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from broadsheet.design import bundle, inline
from broadsheet.design.page import PageMeta, script_json

DESIGN = Path(bundle.__file__).parent
TOKENS = (DESIGN / "css/tokens.css").read_text()
LIGHT = TOKENS.partition(":root {")[2].partition("}")[0]
DARK = TOKENS.partition(':root[data-theme="dark"] {')[2].partition("}")[0]
ON_PAPER = ("--ink", "--ink-soft", "--ink-faint", "--accent")


def test_the_bundle_is_found_as_a_static_file() -> None:
    found = finders.find(bundle.BUNDLE)

    assert isinstance(found, str)
    assert Path(found).read_text() == bundle.bundle()


def test_whoever_follows_a_quotation_is_at_its_passage_at_once() -> None:
    """However far down it stands."""
    assert "scroll-behavior" not in bundle.bundle()


def test_every_stylesheet_is_in_the_bundle() -> None:
    css = bundle.bundle()

    assert len(bundle.sources()) == len(list((DESIGN / "css").rglob("*.css")))
    assert css.count("{") == css.count("}")


def test_every_token_that_is_used_is_set() -> None:
    css = bundle.bundle()
    used, made = set(re.findall(r"var\((--[\w-]+)", css)), set(re.findall(r"(--[\w-]+):", css))

    assert used <= made


def test_both_ways_into_the_dark_set_the_same_colours() -> None:
    by_device = TOKENS.partition(':root:not([data-theme="light"]) {')[2].partition("}")[0]

    assert by_device.split() == DARK.split()


def test_paper_is_never_dark() -> None:
    around = re.findall(r"@media ([^{]*?) \{\s*:root[^{]*\{\s*color-scheme: dark;", TOKENS)

    assert len(around) == TOKENS.count("color-scheme: dark;")
    assert all(rule.startswith("screen") for rule in around)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["--paper", "--sheet"])
@pytest.mark.parametrize("ink", ON_PAPER)
def test_text_stands_out_from_its_ground(theme: str, ground: str, ink: str) -> None:
    assert contrast(colour(theme, ink), colour(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_button_can_be_read(theme: str) -> None:
    assert contrast(colour(theme, "--on-accent"), colour(theme, "--accent")) >= 4.5


def test_what_a_first_visit_loads_is_light() -> None:
    faces = sum(face.stat().st_size for face in (DESIGN / "static/fonts").glob("*.woff2"))
    script = (DESIGN / "static/js/broadsheet.js").stat().st_size + len(inline.EARLY)

    assert faces <= 45_000
    assert script <= 10_000
    assert len(bundle.bundle()) <= 42_000


def test_the_scripts_within_a_page_are_named_by_their_hashes() -> None:
    named = re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", inline.content_security("another()"))

    assert named == [f"'{inline.hash_of(script)}'" for script in (inline.EARLY, "another()")]


def test_structured_data_cannot_end_its_script() -> None:
    assert "</script" not in script_json({"headline": "</script><script>alert(1)</script>"})


def colour(theme: str, name: str) -> tuple[float, ...]:
    found = re.search(rf"{name}: #([0-9a-f]{{3,6}});", theme)
    assert found, name
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """As WCAG 2 counts it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(rgb: tuple[float, ...]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("kind", "said"), [("front", "Analysis, reports"), ("listing", "Latest: analysis, reports")])
def test_a_page_without_a_description_is_described_in_a_sentence(kind: str, said: str) -> None:
    page = render_to_string("base.html", {"page": PageMeta(title="Latest", kind=kind)})

    assert f'<meta name="description" content="{said}' in page

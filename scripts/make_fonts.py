"""Cut the publication's two typefaces out of Source Serif 4: run once, by hand; what it makes is committed.

    npm install --prefix var/fonts source-serif@4.5.1
    uv run --with fonttools --with brotli python scripts/make_fonts.py var/fonts/node_modules/source-serif

Roman, weights 400 to 600, with the letters of European names; italic, one weight. Figures are the old-style ones, so that no
feature has to be asked for. The licence (SIL OFL 1.1) lies beside what is made.
"""

import io
import sys
from copy import deepcopy
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

MADE = Path(__file__).parent.parent / "broadsheet/design/static/fonts"
FOR_PRINT = Path(__file__).parent.parent / "broadsheet/billing/faces"
LATIN = (
    "U+20-7E,U+A0,U+A3,U+A7,U+A9,U+AB,U+B0,U+B7,U+BB,U+BD,U+C0-D6,U+D8-F6,U+F8-FF,U+152-153,"
    "U+2013,U+2014,U+2018,U+2019,U+201C-201D,U+2026,U+202F,U+20AC,U+2190-2193,U+2212"
)
NAMES = (
    "U+101,U+103,U+105-107,U+10C-10D,U+111,U+113,U+117,U+119,U+11B,U+11E-11F,U+12B,U+130-131,U+13D,U+141-142,U+144,U+148,"
    "U+14D,U+151,U+158-15B,U+15E-161,U+163,U+165,U+16B,U+16F,U+171,U+17A-17E,U+218-21B"
)
ITALIC = (
    "U+20-7E,U+A0,U+A3,U+AB,U+BB,U+C0,U+C7,U+C9,U+D6,U+DC,U+DF-F6,U+F8-FF,U+11F,U+131,U+142,U+153,U+15F,U+161,"
    "U+2013,U+2014,U+2018,U+2019,U+201C-201D,U+2026,U+202F"
)
NAME = "Meridian Serif"
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def old_style(font: TTFont) -> None:
    """Point the digits at their proportional old-style forms."""
    glyphs = set(font.getGlyphOrder())
    for table in font["cmap"].tables:
        for code, name in enumerate(DIGITS, start=ord("0")):
            if f"{name}.osf" in glyphs and code in table.cmap:
                table.cmap[code] = f"{name}.osf"


def rename(font: TTFont) -> None:
    """The licence keeps the name Source for the original."""
    for record in font["name"].names:
        if record.nameID in {1, 4, 6, 16, 25}:
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME


def make(source: Path, name: str, limits: dict[str, object], letters: str) -> None:
    font = instancer.instantiateVariableFont(TTFont(source), limits)
    old_style(font)
    rename(font)
    again = io.BytesIO()
    font.save(again)
    font = TTFont(io.BytesIO(again.getvalue()))
    options = subset.Options()
    options.layout_features = ["kern", "liga", "locl"]
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [1, 2, 4, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(letters))
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(MADE / name)
    print(f"{name}: {(MADE / name).stat().st_size:,} bytes, {len(font.getGlyphOrder())} glyphs")


def make_for_print(name: str) -> None:
    """Typst reads neither woff2 nor weights in between: a file for each of the two that receipts use."""
    whole = TTFont(MADE / name)
    whole.flavor = None
    for weight, called in ((400, "regular"), (600, "semibold")):
        font = instancer.instantiateVariableFont(deepcopy(whole), {"wght": weight})
        font["OS/2"].usWeightClass = weight
        font.save(FOR_PRINT / f"meridian-{called}.ttf")


if __name__ == "__main__":
    family = Path(sys.argv[1]) / "VAR"
    make(family / "SourceSerif4Variable-Roman.ttf", "meridian-roman.woff2", {"wght": (400, 600), "opsz": 18}, f"{LATIN},{NAMES}")
    make(family / "SourceSerif4Variable-Italic.ttf", "meridian-italic.woff2", {"wght": 400, "opsz": 18}, ITALIC)
    make_for_print("meridian-roman.woff2")

"""What stands in every page's head itself: the script whose work must be done before the first paint, and the icon."""

from base64 import b64encode
from hashlib import sha256

EARLY = (
    "(function(d){d.classList.add('js');try{var s=localStorage;"
    "if(s.theme)d.dataset.theme=s.theme;if(s.size)d.dataset.size=s.size}catch(e){}"
    "try{var m=/(?:^|; )reader=([^;]*)/.exec(document.cookie);"
    "d.dataset.state=m?JSON.parse(decodeURIComponent(m[1])).state:'none'}catch(e){d.dataset.state='none'}"
    "})(document.documentElement)"
)

# The icon, on a square of 32: straight lines have two points, curves four (cubic).
ICON_GROUND, ICON_SIDE, ICON_LINE = "#8a2b23", 32, 2
ICON_STROKES = (
    ((16, 5), (16, 27)),
    ((7, 16), (25, 16)),
    ((16, 5), (10, 11), (10, 21), (16, 27)),
    ((16, 5), (22, 11), (22, 21), (16, 27)),
)
_STROKES_WRITTEN = "".join(
    f"M{stroke[0][0]} {stroke[0][1]}{'C' if len(stroke) == 4 else 'L'}{' '.join(f'{x} {y}' for x, y in stroke[1:])}"
    for stroke in ICON_STROKES
)
ICON = (
    f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='5' fill='{ICON_GROUND}'/>"
    f"<path d='{_STROKES_WRITTEN}' fill='none' stroke='#fff' stroke-width='{ICON_LINE}'/></svg>"
)


def content_security(*scripts: str) -> str:
    """What a page may load and run: what lies on its own site, the early script, and these beside it."""
    named = " ".join(f"'{hash_of(script)}'" for script in (EARLY, *scripts))
    return (
        f"default-src 'self'; script-src 'self' {named}; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'"
    )


def hash_of(script: str) -> str:
    """What a Content-Security-Policy names to let this script run, and no other."""
    return "sha256-" + b64encode(sha256(script.encode()).digest()).decode()

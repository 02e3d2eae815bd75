"""What the head of a page says about it: handed as `page` to every template of a whole page."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PageMeta:
    """Nothing here may come from beyond the cut. `canonical` is whole, with scheme and host; "" prints none.

    `json_ld` is ready to print, made by `script_json`. `feeds` are (title, path, media type), `citation` (name, content).
    """

    title: str
    description: str = ""
    path: str = ""
    canonical: str = ""
    kind: str = ""  # names the page on <body>: "briefing", "front", "listing", "join"
    og_type: str = "website"
    published_at: datetime | None = None
    changed_at: datetime | None = None
    json_ld: str = ""
    feeds: tuple[tuple[str, str, str], ...] = ()
    noindex: bool = False
    citation: tuple[tuple[str, str], ...] = ()
    image: str = ""  # whole address of the picture shown where the page is shared


def script_json(value: Any) -> str:
    """JSON that cannot end the script element around it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

"""Where things stand on the site. Pure."""

INDEX_SLUGS = {
    "briefing": "briefings",
    "column": "columns",
    "interview": "interviews",
    "report": "reports",
    "note": "notes",
    "podcast": "podcasts",
    "edition": "editions",
    "roundup": "roundups",
}

AXES = ("region", "country", "issue", "section", "series", "contributor")
AXIS_FOLDERS = {
    "region": "regions",
    "country": "countries",
    "issue": "issues",
    "section": "sections",
    "series": "series",
    "contributor": "contributors",
}


def path_of(url_path: str) -> str:
    """The address of a page of Wagtail's tree: `url_path` without the front page's own slug."""
    return "/" + url_path.strip("/").partition("/")[2] + "/" if url_path.strip("/").count("/") else "/"


def axis_path(axis: str, slug: str) -> str:
    return f"/{AXIS_FOLDERS[axis]}/{slug}/"

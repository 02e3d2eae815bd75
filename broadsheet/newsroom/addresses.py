"""Where things stand on the site. Pure."""

from urllib.parse import urlsplit

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
AXIS_OF_FOLDER = {folder: axis for axis, folder in AXIS_FOLDERS.items()}

# What stands under a list beside its articles: /briefings/archive/, /briefings/page/2/.
WORDS_OF_LISTS = frozenset({"archive", "page"})


class SlugOfAList(ValueError):
    """The slug would hide a part of a list, or be hidden by it."""


def refuse_words_of_lists(slug: str) -> None:
    if slug in WORDS_OF_LISTS:
        raise SlugOfAList(f"“{slug}” is a part of the list above it. Choose another, such as “the-{slug}”.")


def path_of(url_path: str) -> str:
    """The address of a page of Wagtail's tree: `url_path` without the front page's own slug."""
    return "/" + url_path.strip("/").partition("/")[2] + "/" if url_path.strip("/").count("/") else "/"


def path_on(site: str, address: str) -> str:
    """The path of an address on our site, written with or without its name; "" of any other."""
    try:
        parts, ours = urlsplit(address), urlsplit(site)
    except ValueError:  # such as http://[name]/
        return ""
    at_home = (parts.scheme, parts.netloc) in {("", ""), (ours.scheme, ours.netloc)}
    return parts.path if at_home and parts.path.startswith("/") else ""


def axis_path(axis: str, slug: str) -> str:
    return f"/{AXIS_FOLDERS[axis]}/{slug}/"

"""What is to stand nowhere here, by how link keys begin. Pure."""

import re
from collections.abc import Collection

_ENDS, _NAMED = re.compile(r"(?=[/?#])"), re.compile(r"(?=[?#])")


def is_refused(key: str, refused: Collection[str]) -> bool:
    """`refused`: link keys of pieces, folders or whole hosts, without a slash at the end. A host's own names go with it, and
    a page's parameters do not matter but for those that are refused."""
    host, *rest = _ENDS.split(key)
    labels = host.split(".")
    if any(".".join(labels[begin:]) in refused for begin in range(len(labels) - 1)):
        return True
    begun = host
    for part in rest:
        begun += part
        if begun.rstrip("/") in refused:
            return True
    return "?" in key and any(_asks_for(key, one) for one in refused if "?" in one)


def _asks_for(key: str, refused: str) -> bool:
    """The same page, with these parameters among others."""
    page, *named = _NAMED.split(key)
    refused_page, *refused_names = _NAMED.split(refused)
    return page == refused_page and set(refused_names) <= set(named)

"""What is to stand nowhere here, by how link keys begin. Pure."""

import re
from collections.abc import Container

_ENDS = re.compile(r"(?=[/?#])")


def is_refused(key: str, refused: Container[str]) -> bool:
    """`refused`: link keys of pieces, of folders or of whole hosts, without a slash at the end. A host's own names go with it."""
    host, *rest = _ENDS.split(key)
    labels = host.split(".")
    if any(".".join(labels[begin:]) in refused for begin in range(len(labels) - 1)):
        return True
    begun = host
    for part in rest:
        begun += part
        if begun.rstrip("/") in refused:
            return True
    return False

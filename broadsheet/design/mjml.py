"""MJML into the HTML that mail programs show, by mrml, which is handed well-formed XML and fetches nothing."""

import re

import mrml

PLAIN = re.compile(r"""[ !#-%(-;=?-\[\]-~]""")  # ASCII without & < > " ' and the backslash


class BadMjml(Exception):
    """A template made what is no MJML."""


def html_of(mjml: str) -> str:
    made = mrml.to_html(mjml)
    if made.warnings:
        raise BadMjml(", ".join(str(warning.kind) for warning in made.warnings))
    return made.content


def attribute(text: str) -> str:
    """As it stands in an attribute. mrml writes what is not plain as Rust's debugging does; a reference it leaves alone."""
    return "".join(sign if PLAIN.match(sign) else f"&#{ord(sign)};" for sign in text)

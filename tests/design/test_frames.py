"""A page in a frame that is set once is the page that its template makes, whatever its title and its main part say."""

import pytest
from django.template.loader import render_to_string

from broadsheet.design.frames import MAIN, TITLE, framed
from broadsheet.design.page import PageMeta

SEARCH = "pages/search.html"


def page(title: str) -> PageMeta:
    return PageMeta(title=title, kind="search", path="/search/", noindex=True)


@pytest.mark.parametrize("title", ["Dams in the library", "<script>alert(1)</script> & “more”", f"{TITLE} and {MAIN}"])
@pytest.mark.parametrize("main", ["<p>Two articles</p>", f"<p>{MAIN} and {TITLE}</p>", ""])
def test_it_is_as_its_template_would_have_it(title: str, main: str) -> None:
    assert framed(SEARCH, page(title), main=main) == render_to_string(SEARCH, {"page": page(title), "main": main})


def test_a_publication_that_is_named_anew_has_its_new_name(settings) -> None:
    framed(SEARCH, page("Dams"), main="")
    settings.PUBLICATION_NAME = "The Other Review"

    assert "The Other Review" in framed(SEARCH, page("Dams"), main="")

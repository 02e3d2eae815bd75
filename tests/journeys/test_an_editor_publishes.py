"""Journey A: what an editor does on the desk is at the gate, on the lists and in the feeds when a second has passed."""

import json
from datetime import timedelta

from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from broadsheet.newsroom.models import Article, Briefing
from tests import make
from tests.journeys.conftest import AT, FREE, PAID
from tests.leaks.door import Answer, Browser

PLACES = ("/", "/latest/", "/briefings/", "/feed.rss", "/feed.atom", "/feed.json", "/briefings/feed.rss", "/sitemap-2026-03.xml")


def rich(text: str) -> str:
    return json.dumps({"blocks": [{"key": "a", "text": text, "type": "unstyled"}], "entityMap": {}})


def submit(edda: Browser, address: str, action: str, **changed: object) -> Answer:
    """Opens a form of the desk, fills it in and presses a button."""
    edda.get(address)
    empty = {name: inline_formset([]) for name in ("bylines", "related", "corrections", "comments")}
    body = streamfield([("paragraph", rich(FREE)), ("paragraph", rich(PAID))])
    said = {
        "title": "A Dam",
        "slug": "a-dam",
        "standfirst": "Why it holds.",
        "audience": "metered",
        "body": body,
        **empty,
        **changed,
    }
    return edda.post(address, {**nested_form_data(said), action: "yes", "csrfmiddlewaretoken": edda.cookies["csrftoken"]})


def new() -> str:
    return reverse("wagtailadmin_pages:add", args=["newsroom", "briefing", make.index("briefing").pk])


def edit() -> str:
    return reverse("wagtailadmin_pages:edit", args=[Briefing.objects.get().pk])


def names(browser: Browser, what: str) -> set[str]:
    return {path for path in PLACES if what in browser.get(path).text}


def test_an_article_is_written_published_corrected_shut_and_taken_back(edda, visitor, house):
    for path in PLACES:
        visitor.get(path)  # all of them are printed, and empty

    assert submit(edda, new(), "action-publish").status == 302
    house.settle()
    page = visitor.get("/briefings/a-dam/")
    assert (page.status, FREE.strip() in page.text, PAID in page.text) == (200, True, False)
    assert names(visitor, "/briefings/a-dam/") == set(PLACES)

    submit(edda, edit(), "action-publish", title="A Dam, Corrected", audience="open")
    house.settle()
    assert "A Dam, Corrected" in visitor.get("/briefings/a-dam/").text
    assert PAID in visitor.get("/briefings/a-dam/").text
    assert names(visitor, "A Dam, Corrected") == set(PLACES) - {"/sitemap-2026-03.xml"}

    submit(edda, edit(), "action-publish", audience="members")
    house.settle()
    assert PAID not in visitor.get("/briefings/a-dam/").text

    taken = f"/admin/articles/{Briefing.objects.get().pk}/take-back/"
    edda.get(taken)
    edda.post(taken, {"reason": "A mistake.", "csrfmiddlewaretoken": edda.cookies["csrftoken"]})
    house.settle()
    assert visitor.get("/briefings/a-dam/").status == 410
    assert names(visitor, "A Dam") == set()


def test_a_draft_is_the_desks_alone(edda, visitor, house):
    submit(edda, new(), "action-save")
    house.settle()

    draft = Briefing.objects.get()
    assert not draft.live
    assert PAID in edda.get(edit()).text
    assert visitor.get("/briefings/a-dam/").status == 404
    assert names(visitor, "A Dam") == set()


def test_a_scheduled_article_appears_at_its_moment(edda, visitor, house, frozen):
    tomorrow = (AT + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    submit(edda, new(), "action-publish", go_live_at=tomorrow)
    house.settle()
    assert visitor.get("/briefings/a-dam/").status == 404

    frozen.move_to(AT + timedelta(days=1, seconds=-1))
    house.settle()
    assert visitor.get("/briefings/a-dam/").status == 404
    assert names(visitor, "A Dam") == set()

    frozen.move_to(AT + timedelta(days=1))
    house.settle()
    assert visitor.get("/briefings/a-dam/").status == 200
    assert names(visitor, "/briefings/a-dam/") == set(PLACES)


def test_an_embargo_holds_whoever_publishes(visitor, house, frozen):
    article = make.article(headline="A Dam", body=[FREE, PAID], live=False, embargoed_until=AT + timedelta(hours=3))
    article.save_revision().publish()
    house.settle()
    assert visitor.get("/briefings/a-dam/").status == 404
    assert names(visitor, "A Dam") == set()

    frozen.move_to(AT + timedelta(hours=3))
    house.settle()
    assert visitor.get("/briefings/a-dam/").status == 200
    assert names(visitor, "/briefings/a-dam/") == set(PLACES)


def test_an_article_that_moves_leads_from_where_it_was(edda, visitor, house):
    submit(edda, new(), "action-publish")
    house.settle()
    submit(edda, edit(), "action-publish", slug="a-dyke", title="A Dyke")
    house.settle()

    moved = visitor.get("/briefings/a-dam/")
    assert (moved.status, moved["Location"]) == (301, "/briefings/a-dyke/")
    assert visitor.get("/briefings/a-dyke/").status == 200
    assert Article.objects.count() == 1

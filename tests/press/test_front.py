"""The front page: the desk's slots first, then what is newest; and nothing twice."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from broadsheet.newsroom.models import FrontSlot
from broadsheet.press import actions, kinds, queries
from broadsheet.press.models import Slip
from tests import cast, make
from tests.press.proofs import page

pytestmark = pytest.mark.django_db


def lead(html: str) -> str:
    found = re.search(r"<h2>(.*?)</h2>", html)
    assert found
    return found[1]


def river(html: str) -> str:
    found = re.search(r"<h3>(.*?)</h3>", html)
    assert found
    return found[1]


def published(headline: str, at, **fields):
    article = make.article(fields.pop("kind", "briefing"), headline=headline, at=at, **fields)
    actions.press(article.pk, at=at)
    return article


def test_without_the_desk_the_newest_article_leads(at):
    published("Yesterday", at - timedelta(days=1))
    published("Today", at)

    assert lead(page("/", at)) == "Today"


def test_the_desks_lead_stands_before_the_newest(at):
    front = make.site()
    front.lead = published("Chosen", at - timedelta(days=9)).article_ptr
    front.save()
    published("Today", at)

    html = page("/", at)

    assert lead(html) == "Chosen"
    assert html.count("Chosen") == 1


def test_a_brief_note_never_leads_by_rule(at):
    published("A briefing", at - timedelta(days=1))
    published("A note", at, kind="note")

    assert lead(page("/", at)) == "A briefing"


def test_a_slot_holds_until_its_moment_and_the_page_is_due_then(at):
    front = make.site()
    slotted = published("In the slot", at - timedelta(days=30))
    for day in range(8):
        published(f"Filler {day}", at - timedelta(days=day))
    FrontSlot.objects.create(front=front, article_id=slotted.pk, until=at + timedelta(hours=2), sort_order=0)

    assert "In the slot" in page("/", at)
    assert [slip.path for slip in queries.due(at + timedelta(hours=2))] == ["/"]
    actions.print_due(at=at + timedelta(hours=2))
    assert "In the slot" not in page("/", at + timedelta(hours=2))


def test_an_article_in_a_slot_appears_when_it_is_published(at):
    front = make.site()
    scheduled = make.article(headline="Soon", live=False, at=at)
    FrontSlot.objects.create(front=front, article_id=scheduled.pk, sort_order=0)
    assert "Soon" not in page("/", at)

    type(scheduled).objects.filter(pk=scheduled.pk).update(live=True, dated_at=at)
    actions.press(scheduled.pk, at=at)

    assert list(queries.due(at)) == [Slip.objects.get(path="/")]
    assert "Soon" in page("/", at)


def test_a_roundup_of_many_countries_does_not_flood_the_boxes_of_their_regions(at):
    africa = make.region("Africa", slug="africa")
    published("A long report", at - timedelta(days=1), kind="report", regions=[africa])
    published("Daily Links", at, kind="roundup", regions=[africa])

    assert [node.text() for node in LexborHTMLParser(page("/", at)).css("li")] == ["A long report"]


def test_another_room_puts_its_piece_into_a_slot_of_the_page(at, monkeypatch):
    monkeypatch.setattr(kinds, "_slots", {})
    kinds.register_slot("front", "links", links_of_today)

    html = page("/", at)

    assert "<p>Must-read</p>" in html


def links_of_today(path: str) -> str:
    return "<p>Must-read</p>"


def test_the_river_is_headed_by_its_day_whenever_the_page_is_printed(at):
    for headline in ("Lead", "Beside it", "And another"):
        published(headline, at)

    assert river(page("/", at + timedelta(days=6))) == "2 March"


def test_a_river_of_several_days_says_so(at):
    for days in range(3):
        published(f"Of {days} days ago", at - timedelta(days=days))

    assert river(page("/", at)) == "1 March and before"


def test_the_slots_are_looked_at_before_they_are_published(at):
    chosen, slotted = published("Chosen", at - timedelta(days=9)), published("In the slot", at - timedelta(days=30))
    for day in range(8):
        published(f"Filler {day}", at - timedelta(days=day))
    editor, address = cast.log_in(cast.edda(at)), reverse("wagtailadmin_pages:preview_on_edit", args=[make.site().pk])
    slot = {"id": "", "article": str(slotted.pk), "until": "", "ORDER": "1"}
    form = {"title": "The Test Review", "lead": str(chosen.pk), "report_of_the_week": "", "slots": inline_formset([slot])}

    assert editor.post(address, nested_form_data({**form, "comments": inline_formset([])})).json()["is_valid"]
    draft = editor.get(address)
    assert lead(draft.content.decode()) == "Chosen"
    assert "In the slot" in draft.content.decode()
    assert "no-store" in draft["Cache-Control"]
    assert lead(page("/", at)) == "Filler 0"
    assert cast.vera().get(address).status_code == 302

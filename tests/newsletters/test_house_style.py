"""What leads anywhere on our own site, and what the foot of an edition says of its publisher."""

import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from selectolax.lexbor import LexborHTMLParser
from wagtail.images import get_image_model

from broadsheet.access.terms import Cut
from broadsheet.access.visits import VISIT, VisitMarks
from broadsheet.membership.models import Reading
from broadsheet.newsletters import visits
from broadsheet.newsletters.composing import compose
from broadsheet.newsletters.house_style import imprint_line, in_mail, leads, typesetter
from broadsheet.newsletters.models import NewsletterRules
from broadsheet.newsroom import pictures
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.galley import Picture
from broadsheet.newsroom.models import HousePage
from broadsheet.press.actions import withdraw
from tests import cast, make
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def dam(printed):
    return printed(headline="The dam", countries=[make.country("Kenya")])


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/briefings/the-dam/", True),
        ("/countries/kenya/", True),
        ("/subscribe/", True),
        ("/imprint/", True),
        ("/briefings/another/", False),
        ("/countries/atlantis/", False),
        ("/nothing/", False),
        ("/nothing", False),
    ],
)
def test_whether_a_path_leads_anywhere(dam, at, path, there):
    assert leads(path, at=at) is there


def test_what_was_withdrawn_leads_nowhere(dam, at):
    take_back(dam, by=None, at=at)
    withdraw(dam.pk, at=at)

    assert not leads("/briefings/the-dam/", at=at)


def test_the_imprint_in_a_line():
    make.publication()
    HousePage.objects.filter(kind="imprint").update(
        body="<h2>Publisher</h2><p>The Press Ltd<br/>12 Press Lane<br/>Paris</p><p>x</p>"
    )

    assert imprint_line() == "The Press Ltd, 12 Press Lane, Paris"


def test_an_imprint_that_nobody_wrote_says_nothing():
    make.publication()

    assert imprint_line() == ""


def test_an_edition_of_this_house_has_no_flag(daily, dam, printed, at):
    edition = made.edition(daily, top=dam, articles=[printed("note")], preheader="A dam, and a note.", subject="The dam")

    assert typesetter(at=at)(compose(edition, at=at), Cut.PREVIEW).flags == ()


# Pictures


@pytest.fixture
def pictured(db, daily, printed):
    """An edition that is led by an article with a picture at its head, and one on each side of the cut."""
    head, before, beyond = (make.image(name) for name in ("At the head", "Before the cut", "Beyond the cut"))
    body = [
        {"type": "picture", "value": {"image": before, "alt": "Before the cut", "caption": "", "credit": ""}},
        *[make.PARAGRAPH * 4] * 4,
        {"type": "picture", "value": {"image": beyond, "alt": "", "caption": "", "credit": ""}},
    ]
    dam = printed(headline="The dam", audience="members", lead_image=head, body=body)
    return made.edition(daily, top=dam)


def pictures_in(edition, cut, at):
    html = typesetter(at=at)(compose(edition, at=at), cut).html
    return [node.attributes for node in LexborHTMLParser(html).css("img")]


def status(path):
    answer = Client().get(path)
    b"".join(answer.streaming_content if answer.streaming else ())  # read to its end, which closes the file
    return answer.status_code


@pytest.mark.parametrize("cut", Cut)
def test_pictures_are_jpegs_with_their_size_and_their_words(pictured, cut, at):
    shown = pictures_in(pictured, cut, at)

    assert [picture["alt"] for picture in shown] == ["At the head", "Before the cut"]
    assert {(picture["width"], picture["height"]) for picture in shown} == {("600", "338")}
    assert all(re.fullmatch(r"http://testserver/media/images/.*\.jpg", picture["src"]) for picture in shown)


def test_everybody_may_have_them_as_far_as_the_article_is_theirs(pictured, at):
    paths = [urlsplit(picture["src"]).path for picture in pictures_in(pictured, Cut.FULL, at)]
    beyond = get_image_model().objects.get(title="Beyond the cut").get_rendition(pictures.IN_MAIL).url

    assert [status(path) for path in [*paths, beyond]] == [200, 200, 404]


def test_a_picture_that_is_none_of_the_house_s_sizes_stays_as_it_is():
    picture = Picture("https://elsewhere.test/a.webp", "A", 10, 10)

    assert in_mail(picture) == picture


# Visits


def test_links_say_nothing_by_default(daily, dam, at):
    edition = made.edition(daily, top=dam)

    set_in = typesetter(at=at)(compose(edition, at=at), Cut.FULL)

    assert "edition=" not in set_in.html + set_in.text


def test_by_the_rule_they_say_newsletter_and_day_alone_and_lead_where_they_did(daily, dam, printed, at):
    NewsletterRules.objects.update_or_create(pk=NewsletterRules.load().pk, defaults={"count_visits": True})
    edition = made.edition(daily, top=dam, articles=[printed("note", headline="A near thing")], links=[made.LINK])

    set_in = typesetter(at=at)(compose(edition, at=at), Cut.FULL)

    marks = re.findall(r"\?(edition=[^\"\s#]+)", set_in.html + set_in.text)
    assert len(set(marks)) == 1
    assert VisitMarks(settings.SECRETS).edition_in(marks[0]) == f"{daily.pk}-2026-03-02"
    assert re.search(r"http://testserver/notes/a-near-thing/\?edition=\S+$", set_in.text, re.MULTILINE)
    assert "https://elsewhere.test/a\n" in set_in.text
    assert set_in.flags == typesetter(at=at)(replace(compose(edition, at=at), newsletter_id=9), Cut.FULL).flags


def test_the_desk_says_how_often_each_edition_was_come_from(daily, at):
    edition, other = made.edition(daily), made.edition(daily, goes_on=date(2026, 2, 27))
    for number in range(3):
        Reading.objects.create(key=f"x:{number}", story=f"{daily.pk}-2026-03-02", reason=VISIT, read_at=at)
    Reading.objects.create(key="x:9", story=f"{daily.pk}-2026-02-27", reason="open", read_at=at)

    assert visits.visits_of([edition, other]) == {edition.pk: 3, other.pk: 0}
    page = cast.log_in(cast.petra(at)).get("/admin/editions/visits/").content.decode()
    assert re.findall(r"<td>(\d+)</td></tr>", page) == ["3", "0"]
    assert "None is counted now" in page
    assert cast.log_in(cast.fay(at)).get("/admin/editions/visits/").status_code == 302

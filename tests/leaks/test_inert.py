"""LEAKS 41, 38: script in any field stays text, control characters leave feeds well-formed, addresses carry no header."""

import json
from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from broadsheet.billing.models import Plan, Price
from broadsheet.mailroom.models import Dispatch
from broadsheet.mailroom.sending import message_of
from broadsheet.newsroom.models import Article, HousePage
from broadsheet.research.models import Dossier
from tests import make
from tests.leaks import surfaces, texts
from tests.leaks.door import Answer, Browser, House
from tests.newsletters import make as newsletters

SCRIPT = "</script></title></style>\"'><script>attack()</script><img src=x onerror=attack()><svg onload=attack()>{{7*7}}"
URL = "javascript:attack()"
SAYING_NOTHING = ("archive/", "/relations/")  # months; and pairs of countries, of which there are none here
CONTROLS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), 127, 0x85, 0xFFFE, 0xFFFF])) + "]]>&<"


def everything_said_is(said: str) -> list[Article]:
    """Articles of every type that say nothing else, on axes that are called nothing else."""
    make.site()
    rich = f"<p>{said}</p><p><a href=\"{URL}\" onclick='attack()'>{said}</a><iframe src='{URL}'></iframe></p>"
    person = make.contributor(said, slug="person", standfirst=said, bio=said)
    region = make.region(said, slug="region", standfirst=said)
    country = make.country(said, slug="country", code="XX", regions=[region], standfirst=said)
    axes = {
        "regions": [region],
        "countries": [country],
        "contributors": [person],
        "issues": [make.issue(said, slug="issue", standfirst=said)],
        "section": make.section(said, slug="section", standfirst=said),
        "series": make.series(said, slug="series", standfirst=said),
    }
    table = {"caption": said, "rows": [[said, said], [said, said]]}
    lines = [{"name": said, "values": [1.0, 2.0]}]
    chart = {"title": said, "kind": "bar", "unit": said, "source": said, "labels": [said, said], "series": lines}
    link = {"headline": said, "url": URL, "outlet": said, "author": said, "minutes": None, "paywalled": False, "note": said}
    blocks = [
        *({"type": kind, "value": rich} for kind in ("paragraph", "quotation", "list")),
        *({"type": kind, "value": said} for kind in ("heading", "subheading", "pull")),
        {"type": "table", "value": table},
        {"type": "chart", "value": chart},
        {"type": "embed", "value": {"url": "https://vimeo.com/1", "title": said}},
        {"type": "embed", "value": {"url": URL, "title": said}},
        {"type": "footnote", "value": {"mark": "1", "text": rich}},
    ]
    own = {
        "interview": {
            "expert": said[:100],
            "expert_role": said,
            "talk": texts.stream([{"type": "exchange", "value": {"question": said, "answer": rich}}]),
        },
        "report": {
            "key_points": [said],
            "chapters": texts.stream([{"type": "chapter", "value": {"title": said, "body": blocks}}]),
        },
        "roundup": {"links": texts.stream([{"type": "link", "value": link}])},
        "edition": {"links": texts.stream([{"type": "link", "value": link}])},
    }
    for kind in HousePage.Kind:
        HousePage.objects.update_or_create(kind=kind, defaults={"body": f"{rich}<p>{escape(said)}</p>"})
    plan = Plan.objects.create(name=said[:80], slug="a-plan", standfirst=said[:200], gives=said)
    Price.objects.create(plan=plan, every=Price.Every.MONTH, currency="EUR", amount=900)
    words = {"title": said[:120], "introduction": said}
    Dossier.objects.create(kind="country", row=country.pk, slug="a-dossier", made_at=make.AT, published_at=make.AT, **words)
    articles = [_one(kind, said, blocks, axes | own.get(kind, {})) for kind in make.TYPES]
    daily = newsletters.newsletter(said, promise=said, slots=[(kind, said, most) for kind, _, most in newsletters.SLOTS])
    elsewhere = newsletters.LINK | {"headline": said, "standfirst": said, "outlet": said, "author": said, "url": URL}
    words = {"subject": said, "preheader": said, "note": said}
    newsletters.edition(daily, top=articles[0], articles=articles[1:3], links=[elsewhere], **words)
    return articles


def _one(kind: str, said: str, blocks: list, fields: dict) -> Article:
    words = {"slug": f"a-{kind}", "standfirst": said, "dateline": said[:80], "editors_note": said, "corrections": [said]}
    article = make.article(kind, headline=said, body=[], audience="open", **words, **fields)
    article.body = texts.stream(blocks)
    article.save()
    return article


@pytest.fixture
def said_by(transactional_db, frozen, tmp_path):
    def said(text: str) -> Browser:
        everything_said_is(text)
        house = House(tmp_path / "spool")
        house.settle()
        return Browser(house.gate)

    return said


def pages(browser: Browser, ends: tuple[str, ...] = ("",)) -> Iterator[Answer]:
    """Every pressed page that exists; the world is not asked, since this is another one."""
    for path in surfaces.pressed_paths():
        if path.endswith(ends) and (answer := browser.get(path)).status == 200:
            yield answer


def faults_in(html: str) -> list[str]:
    tree = LexborHTMLParser(html)
    found = [f"<{node.tag} {name}>" for node in tree.css("*") for name in node.attributes if name.lower().startswith("on")]
    for script in tree.css("script"):
        if script.attributes.get("type") == "application/ld+json":
            json.loads(script.text())
        elif "attack" in (script.text() or "") or not (script.attributes.get("src") or "/static/").startswith("/static/"):
            found.append(script.html or "")
    for node in tree.css("[href], [src], [action], [formaction]"):
        for name in ("href", "src", "action", "formaction"):
            if (node.attributes.get(name) or "").strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                found.append(node.html or "")
    return found + [node.tag or "" for node in tree.css("iframe, object, embed, base")]


def test_41_script_in_any_field_is_inert_on_every_page_and_in_every_feed(said_by):
    pressed = list(pages(said_by(SCRIPT)))
    htmls = [answer for answer in pressed if "html" in answer["Content-Type"]]
    feeds = [answer for answer in pressed if "/feed." in answer.path]

    assert len(htmls) > 40
    for answer in htmls:
        assert faults_in(answer.text) == [], answer.path
        assert "attack" in answer.text or answer.path.endswith(SAYING_NOTHING), answer.path  # it is there, as text
        assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert len(feeds) > 30
    for feed in feeds:
        assert [fault for html in htmls_in(feed) for fault in faults_in(html)] == [], feed.path


def htmls_in(feed: Answer) -> list[str]:
    if feed.path.endswith(".json"):
        return [item.get("content_html", "") for item in json.loads(feed.text)["items"]]
    return [node.text or "" for node in ElementTree.fromstring(feed.plain).iter() if node.tag.endswith(("encoded", "content"))]


def test_41_control_characters_leave_feeds_and_sitemaps_well_formed(said_by):
    walked = 0
    for answer in pages(said_by(f"Before {CONTROLS} after"), (".rss", ".atom", ".xml", ".json")):
        if answer.path.endswith((".rss", ".atom", ".xml")):
            ElementTree.fromstring(answer.plain)
            walked += 1
        elif answer.path.endswith(".json"):
            json.loads(answer.text)
    assert walked > 25


# 38: addresses

HOSTILE = [
    "victim@example.org\r\nBcc: all@example.org",
    "victim@example.org\nSubject: Hello",
    "victim@example.org%0d%0aBcc:all@example.org",
    '"victim\r\nBcc: x"@example.org',
    f"{'ж' * 300}@example.org",
    f"victim@{'ж' * 300}.example",
    "a" * 4000 + "@example.org",
    "victim@example.org, all@example.org",
    "<victim@example.org>",
    "victim@example.org\x00",
    "victim@\u202egro.elpmaxe",
    "=cmd|' /C calc'!A0@example.org",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_38_an_address_carries_no_header_into_a_mail(address, vera, world):
    answer = vera.post("/join/", {"email": address, "next": "/latest/"})

    assert answer.status in (303, 422)
    for dispatch in Dispatch.objects.all():
        message = message_of(dispatch).message()
        assert message["Bcc"] is None
        assert len(message.get_all("To")) == len(message.get_all("Subject")) == 1
        assert "\n" not in dispatch.to + dispatch.subject
        assert "all@example.org" not in str(message["To"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("ada@münchen.example", "ADA@xn--mnchen-3ya.example"),
        (" ada@example.org ", "ada@example.org"),
    ],
)
def test_38_one_address_in_two_spellings_is_one_address(one, other, house, world):
    for address in (one, other):
        Browser(house.gate).post("/join/", {"email": address, "next": "/latest/"})

    assert Dispatch.objects.count() == 2
    assert len(set(Dispatch.objects.values_list("to", flat=True))) == 1


def test_38_the_mail_tells_nothing_of_the_article_that_it_leads_back_to(vera, world):
    for piece in world.each(audience="metered"):
        vera.post("/join/", {"email": f"ada.{piece.id}@example.org", "next": piece.path})

    mails = list(Dispatch.objects.all())
    assert len(mails) == 8
    for mail in mails:
        assert world.vocabulary.found_in(mail.subject + mail.text + mail.html) == set()

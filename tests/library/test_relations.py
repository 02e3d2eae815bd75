"""Pages of a country, an issue and two countries: gathered from the articles' own text, in two cuts, and kept fresh."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.access.terms import Audience, Reason
from broadsheet.gate.app import WHO
from broadsheet.gate.visitor import Visitor
from broadsheet.library import together
from broadsheet.library.actions.gleaning import cursor, glean_new
from broadsheet.library.catching_up import folder
from broadsheet.library.comparing import compared
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.matches import newest
from broadsheet.library.models import Alert, Follow, LibraryRules, Linked, Named, Telling
from broadsheet.library.overviews import MOST_LATEST, overviews
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.subjects import two
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article, Country
from broadsheet.press import kinds
from broadsheet.press.actions import press, press_page
from broadsheet.press.models import Slip
from tests import cast, make

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
PATH = "/relations/ethiopia/kenya/"
FREE = "On 15 January 2019 Kenya and Ethiopia signed the treaty on their border in the old town."
PAID = "On 3 February 2020 Kenya and Ethiopia signed an accord, and troops withdrew from the heron ponds."
FILLER = make.PARAGRAPH * 4

pytestmark = pytest.mark.django_db


def articles(count: int = 3, *, audience: str = "members", tagged: bool = True, **fields) -> list[Article]:
    """About both countries, each telling of one day before the wall and of another beyond it."""
    tags = [make.country("Kenya"), make.country("Ethiopia")]
    made = [
        make.article(
            body=[f"{FILLER} {FREE}", FILLER, PAID],
            countries=tags if tagged else [],
            audience=audience,
            at=AT - timedelta(days=40 * number),
            **fields,
        )
        for number in range(count)
    ]
    for article in made:
        press(article.pk, at=AT)
    glean_new(at=AT)
    return made


def cuts(path: str = PATH) -> tuple[str, str]:
    kind = kinds.kind_of(path)
    assert kind is not None
    sheet = kind[0].compose(path, kind[1], AT)
    assert sheet is not None
    assert sheet.audience is Audience.MEMBERS
    return sheet.previews[Reason.SUBSCRIBE], sheet.html


def test_two_countries_have_a_page_where_three_articles_are_about_both():
    articles(2)
    assert press_page(PATH, at=AT) is None

    articles(1)
    assert press_page(PATH, at=AT) is not None


def test_what_only_paid_text_says_makes_no_page():
    make.country("Kenya"), make.country("Ethiopia")
    for _ in range(4):
        article = make.article(body=[FILLER, "Kenya and Ethiopia. " * 9], audience="members")
        press(article.pk, at=AT)
    glean_new(at=AT)

    assert Named.objects.filter(actor="country:KE", about=True).count() == 4
    assert press_page(PATH, at=AT) is None


def test_strangers_are_quoted_the_free_text_and_subscribers_all_of_it():
    articles()
    preview, full = cuts()

    assert "in the old town" in preview
    assert "heron ponds" not in preview
    assert "in the old town" in full
    assert "heron ponds" in full


def test_how_often_paid_text_names_them_weighs_nothing_for_strangers():
    for body in ([FREE, FILLER, "Kenya. " * 30], [FREE, FILLER]):
        press(make.article(body=body, countries=[make.country("Kenya")], audience="members").pk, at=AT)
    glean_new(at=AT)

    free, whole = together.coverages(("country:KE",))

    assert len(set(free.weights.values())) == 1
    assert len(set(whole.weights.values())) == 2


def test_the_head_of_a_country_has_both_cuts_too():
    articles()
    preview, full = cuts("/countries/kenya/")

    assert ("heron ponds" in preview, "heron ponds" in full) == (False, True)
    assert f'href="{PATH}"' in preview


def test_a_country_is_followed_from_the_head_of_its_page():
    articles()

    free, whole = cuts("/countries/ethiopia/")

    for cut in (free, whole):
        assert cut.count("Follow this country") == 1
        assert cut.index("Follow this country") < cut.index("in our pages")


def test_the_head_of_an_issue_has_both_cuts_too():
    articles(issues=[make.issue("Water")])
    preview, full = cuts("/issues/water/")

    assert ("heron ponds" in preview, "heron ponds" in full) == (False, True)


def test_a_country_of_which_little_is_written_keeps_its_open_list():
    articles(2)

    slip = press_page("/countries/kenya/", at=AT)

    assert slip is not None
    assert slip.audience == Audience.OPEN


def test_the_other_order_leads_to_the_alphabets(client):
    articles()
    answer = client.get("/relations/kenya/ethiopia/")

    assert (answer.status_code, answer["Location"]) == (301, PATH)
    assert client.get(PATH).status_code == 200
    assert client.get("/relations/nowhere/kenya/").status_code == 301
    assert client.get("/relations/kenya/kenya/").status_code == 404


def test_a_page_is_printed_again_when_an_article_joins():
    articles()
    press_page(PATH, at=AT)
    articles(1)

    assert Slip.objects.get(path=PATH).gone


def test_an_article_that_is_taken_back_is_quoted_no_more():
    made = articles()
    press_page(PATH, at=AT)
    for article in made:
        take_back(article, by=None, at=AT)
        press(article.pk, at=AT)
    glean_new(at=AT)

    assert not Telling.objects.exists()
    assert press_page(PATH, at=AT) is None


def test_gleaning_twice_equals_gleaning_once():
    made = articles()
    before = Named.objects.count(), Telling.objects.count()
    for article in made:
        make.published(article, standfirst="Another one.")
        press(article.pk, at=AT)

    assert glean_new(at=AT) > 0
    assert glean_new(at=AT) == 0
    assert (Named.objects.count(), Telling.objects.count()) == before


def test_whoever_was_stopped_goes_on_where_he_was():
    articles()
    made = [make.article(body=[f"{FILLER} {FREE}"]) for _ in range(3)]
    for article in made:
        press(article.pk, at=AT)
    here = cursor()

    assert glean_new(at=AT) == 3
    assert cursor() == here + 3


def test_all_pairs_stand_on_the_index():
    articles()
    kind = kinds.kind_of("/relations/")
    assert kind is not None
    sheet = kind[0].compose("/relations/", kind[1], AT)

    assert sheet is not None
    assert PATH in sheet.html


def test_a_text_is_on_an_issue_whose_words_it_says_and_strangers_are_told_what_is_free():
    issue = make.issue("Water")
    issue.also_called = "heron pond\nborder treaty"
    issue.save()
    for said in ("the border treaty, a border treaty. Border treaties? The Border Treaty, border treaty.", "nothing"):
        press(make.article(body=[f"{FILLER} {said}", FILLER, f"{PAID} Heron ponds. Heron ponds, heron ponds!"]).pk, at=AT)
    glean_new(at=AT)

    free, whole = together.coverages(("issue:water",))

    assert (len(free.articles), len(whole.articles)) == (1, 2)


# From how many articles on


def test_the_publisher_says_from_how_many_articles_on_there_is_a_page(django_capture_on_commit_callbacks):
    articles()
    press_page(PATH, at=AT)
    press_page("/countries/kenya/", at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        LibraryRules(pk=LibraryRules.load().pk, enough=4).save()

    assert set(Slip.objects.filter(gone=True).values_list("path", flat=True)) >= {PATH}
    assert Slip.objects.get(path="/countries/kenya/").stale_at is not None
    assert press_page(PATH, at=AT) is None
    assert press_page("/countries/kenya/", at=AT).audience == Audience.OPEN


@pytest.mark.parametrize(("typed", "kept"), [("2", 2), ("1", 3), ("101", 3)])
def test_the_desk_asks_for_two_articles_at_least(at, typed, kept):
    desk = cast.log_in(cast.petra(at))
    path = desk.get("/admin/settings/library/libraryrules/", follow=True).redirect_chain[-1][0]

    desk.post(path, {"enough": typed})

    assert LibraryRules.load().enough == kept


# What search engines are told


def test_the_sitemap_of_relations_says_when_an_article_on_both_last_changed():
    articles(2)
    assert PATH not in sitemap()

    articles(1)
    assert f"{PATH}</loc><lastmod>{AT.isoformat()}</lastmod>" in sitemap()
    assert "/sitemap-relations.xml</loc>" in sitemap("/sitemap.xml")


def sitemap(path: str = "/sitemap-relations.xml") -> str:
    kind = kinds.kind_of(path)
    assert kind is not None
    return kind[0].compose(path, kind[1], AT).html


# What links to it


def linking(to: str, *, free: bool, headline: str, body: str = "See") -> None:
    """An article on neither country."""
    link = f'<p>{body} <a href="{to}">what we wrote</a> of it then.</p>'
    article = make.article(headline=headline, body=[link, FILLER] if free else [FILLER, FILLER, link], audience="members")
    press(article.pk, at=AT)
    glean_new(at=AT)


@pytest.mark.parametrize("path", [PATH, "/countries/kenya/"])
def test_articles_on_other_matters_that_link_here_are_told_as_far_as_the_cut_goes(path):
    about, *_ = articles()
    linking(about.address, free=True, headline="Of rain")
    linking(about.address, free=False, headline="Of hail")
    linking(path, free=True, headline="Of snow")
    linking("/countries/mali/", free=True, headline="Of fog")
    preview, full = cuts(path)

    assert [name in preview for name in ("Of rain", "Of hail", "Of snow", "Of fog")] == [True, False, True, False]
    assert [name in full for name in ("Of rain", "Of hail", "Of snow", "Of fog")] == [True, True, True, False]


def test_a_link_is_known_whichever_of_the_two_came_first():
    linking("/briefings/of-the-border/", free=True, headline="Of rain")
    articles(2)
    articles(1, headline="Of the border")

    assert "Of rain" in cuts()[0]


def test_a_link_longer_than_any_page_s_address_is_passed_over():
    linking(f"/{'a' * 600}/", free=True, headline="Of rain")

    assert not Linked.objects.exists()


def test_a_page_is_printed_again_when_somebody_links_to_it():
    about, *_ = articles()
    press_page(PATH, at=AT)
    linking(about.address, free=True, headline="Of rain")

    assert Slip.objects.get(path=PATH).gone


def test_what_is_about_it_is_no_link_from_elsewhere():
    about, *_ = articles()
    linking(about.address, free=True, headline="Of rain", body=f"{FREE} Kenya. Ethiopia. Kenya. Ethiopia.")

    assert "What links here" not in cuts()[1]


def test_what_links_here_is_asked_once_for_both_cuts():
    articles()
    with CaptureQueriesContext(connection) as asked:
        cuts()
    links = [one["sql"] for one in asked if 'FROM "library_linked"' in one["sql"]]

    assert len([query for query in links if "library_named" in query]) == 1


def test_the_wall_promises_turning_points_where_strangers_see_some():
    articles()
    assert "All turning points" in cuts()[0]

    Telling.objects.update(free_event=0)
    free, whole = cuts()

    assert "urning points are" not in free
    assert "The whole picture" in free
    assert 'id="turning-points"' not in free
    assert 'id="turning-points"' in whole


def test_nothing_stands_twice_on_a_page():
    about, *_ = articles()
    linking(about.address, free=True, headline="Of rain")

    for cut in cuts():
        assert (cut.count('id="linking"'), cut.count('action="/relations/ethiopia/kenya/compare/"')) == (1, 1)


# The latest


def dated_against_their_numbers() -> tuple[list[Article], list[str]]:
    """More than are shown, all of one month. And the headlines of the latest, the newest first."""
    tags = [make.country("Kenya"), make.country("Ethiopia")]
    dated = [AT - timedelta(minutes=number) for number in range(MOST_LATEST + 2)]
    made = [make.article(headline=f"News {number}", countries=tags, at=at) for number, at in enumerate(dated)]
    for article in made:
        press(article.pk, at=AT)
    glean_new(at=AT)
    return made, [f"News {number}" for number in range(MOST_LATEST)]


def test_the_latest_on_two_countries_are_those_of_the_latest_dates():
    _, latest = dated_against_their_numbers()

    found = overviews(("country:ET", "country:KE"), title="", path=PATH, latest=True)

    assert found
    assert [[teaser.headline for teaser in cut.latest] for cut in found] == [latest, latest]


def test_whoever_follows_two_countries_is_fed_those_of_the_latest_dates():
    made, _ = dated_against_their_numbers()
    rows = sorted(country.pk for country in Country.objects.all())
    follow = Follow.objects.create(reader=cast.sada(AT), kind="relation", row=rows[0], other=rows[1], followed_at=AT)
    alert = Alert(reader=follow.reader, follow=follow)

    assert set(newest(alert, most=2, sight=EVERYTHING, index=Index(folder()))) == {made[0].pk, made[1].pk}


# Two periods side by side

BOTH = {"from": "2019", "to": "2019", "with": "2020", "until": "2020"}


ENTITLED = {WHO: lambda environ: Visitor(standing=EVERYTHING.standing)}


def compare(client, path=PATH, environ=None, **years):
    return client.get(f"{path}compare/", BOTH | years, **(environ or {}))


@pytest.mark.parametrize("path", [PATH, "/countries/kenya/", "/issues/water/"])
def test_two_periods_stand_side_by_side_and_strangers_see_what_is_free(client, path):
    articles(issues=[make.issue("Water")])
    answer = compare(client, path=path)
    text = answer.content.decode()

    assert answer.status_code == 200
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
    assert "in the old town" in text
    assert "heron ponds" not in text
    assert 'id="continue"' in text

    text = compare(client, path=path, environ=ENTITLED).content.decode()

    assert "heron ponds" in text
    assert 'id="continue"' not in text


def test_each_period_has_what_falls_into_it():
    articles()
    comparison = compared(two("kenya", "ethiopia"), {"from": "2024", "to": "2025", "with": "2026", "until": "2026"}, freely=True)
    earlier, later = comparison.periods

    assert (earlier.total, later.total) == (1, 2)
    assert not earlier.points
    assert 'd="M' in earlier.chart_html


@pytest.mark.parametrize(
    "years", [{"from": "soon"}, {"to": "1.5"}, {"until": ""}, {"from": "2021", "to": "2020"}, {"with": "٢٠٢٠"}]
)
def test_what_is_no_period_is_told_so_in_a_sentence(client, years):
    articles()
    answer = compare(client, **years)

    assert answer.status_code == 400
    assert b'role="alert"' in answer.content


def test_without_years_the_last_five_stand_beside_those_before(client):
    articles()
    answer = client.get(f"{PATH}compare/")

    assert answer.status_code == 200
    assert [str(years) for years in answer.context["comparison"].years] == ["2017–2021", "2022–2026"]


def test_nothing_is_compared_where_there_is_no_page(client):
    articles(2)

    assert compare(client).status_code == 404
    assert compare(client, path="/countries/nowhere/").status_code == 404
    assert compare(client, path="/relations/kenya/ethiopia/").status_code == 301

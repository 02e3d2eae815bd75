"""All that is printed of an article, gathered from its rows."""

from datetime import timedelta

import pytest

from broadsheet.newsroom.galley import without_rest
from broadsheet.newsroom.galleys import NeverDated, galley_of, galleys_of
from broadsheet.newsroom.models import Article, RelatedArticle
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.newsroom.ties import whole_shelf
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def saved(article):
    return Article.objects.get(pk=article.pk)


def test_a_galley_has_bylines_axes_and_where_they_lead():
    africa = make.region()
    kenya, ethiopia = make.country("Kenya", regions=[africa]), make.country("Ethiopia")
    author = make.contributor("Amara Osei")
    article = make.article(
        headline="A Dam",
        contributors=[author],
        countries=[ethiopia, kenya],
        issues=[make.issue()],
        section=make.section(),
        series=make.series(),
    )
    galley = galley_of(saved(article))

    assert (galley.path, galley.kind, galley.label) == ("/briefings/a-dam/", "briefing", "Briefing")
    assert [(person.name, person.path, person.line) for person in galley.bylines] == [
        ("Amara Osei", "/contributors/amara-osei/", "Amara Osei writes for us.")
    ]
    assert galley.countries[0].text == article.main_country.name
    assert [link.path for link in galley.regions] == ["/regions/africa/"]
    assert {
        f"contributor:{author.pk}",
        f"country:{kenya.pk}",
        f"region:{africa.pk}",
        f"section:{article.section.pk}",
    } <= galley.keys


def test_many_galleys_are_the_same_as_each_alone():
    countries = [make.country("Kenya"), make.country("Ethiopia"), make.country("Egypt")]
    people = [make.contributor(), make.contributor()]
    for kind in make.TYPES:
        make.article(
            kind,
            countries=countries[:2],
            contributors=people,
            issues=[make.issue()],
            series=make.series(),
            corrections=["Not 3."],
        )
    articles = list(Article.objects.order_by("pk"))

    alone = [galley_of(article) for article in articles]

    assert galleys_of(articles) == alone
    assert galleys_of(articles, shelf=whole_shelf(at=None)) == alone


def test_a_hundred_galleys_take_as_many_queries_as_ten(django_assert_max_num_queries):
    kenya, author = make.country("Kenya"), make.contributor()
    articles = [make.article(countries=[kenya], contributors=[author], issues=[make.issue()]) for _ in range(12)]
    galleys_of(articles)

    with django_assert_max_num_queries(32):
        galleys_of(articles)


def test_what_stands_beside_is_older_and_shares_most(at):
    kenya, water = make.country("Kenya"), make.issue()
    both = make.article(headline="Both", countries=[kenya], issues=[water], at=at - 3 * DAY)
    one = make.article(headline="One", countries=[kenya], at=at - DAY)
    make.article(headline="Newer", countries=[kenya], issues=[water], at=at + DAY)
    make.article(headline="Elsewhere", at=at - DAY)
    galley = galley_of(make.article(countries=[kenya], issues=[water], at=at))

    assert [teaser.id for teaser in galley.related] == [both.pk, one.pk]
    assert f"article:{both.pk}" in galley.keys


def test_what_the_editor_chose_stands_first_even_if_it_is_newer(at):
    chosen = make.article(headline="Chosen", at=at + DAY)
    article = make.article(at=at)
    RelatedArticle.objects.create(article=article, to=chosen, sort_order=0)

    assert [teaser.headline for teaser in galley_of(saved(article)).related] == ["Chosen"]


def test_more_from_are_the_newest_by_the_same_hand(at):
    author = make.contributor()
    old = [make.article(contributors=[author], at=at - number * DAY) for number in range(1, 6)]
    galley = galley_of(make.article(contributors=[author], at=at))

    assert [teaser.id for teaser in galley.more_from] == [article.pk for article in old[:3]]


@pytest.mark.parametrize("how", ["embargo", "taken back", "draft"])
def test_what_readers_cannot_open_stands_beside_nothing(at, how):
    state = {"embargo": {"embargoed_until": at + DAY}, "taken back": {"withdrawn_at": at}, "draft": {"live": False}}[how]
    kenya = make.country("Kenya")
    hidden = make.article(countries=[kenya], at=at - DAY, **state)
    article = make.article(
        countries=[kenya], at=at, body=[f'<p><a linktype="page" id="{hidden.pk}">link</a></p>'], audience="open"
    )
    RelatedArticle.objects.create(article=article, to=hidden, sort_order=0)
    galley = galley_of(saved(article), at=at)

    assert galley.related == ()
    assert "href" not in galley.free
    assert f"article:{hidden.pk}" in galley.keys


def test_an_embargo_that_is_over_hides_nothing(at):
    kenya = make.country("Kenya")
    make.article(countries=[kenya], at=at - DAY, embargoed_until=at)

    assert len(galley_of(make.article(countries=[kenya], at=at), at=at).related) == 1


def test_a_draft_is_set_as_it_stands_in_memory(at):
    article = make.article("interview", countries=[make.country("Kenya")])
    article.title, article.countries = "Rewritten", []
    article.talk = [("exchange", {"question": "Why?", "answer": "<p>Because.</p>"})]
    galley = galley_of(article)

    assert galley.headline == "Rewritten"
    assert galley.countries == ()
    assert "Why?" in galley.free + galley.rest


def test_a_draft_without_a_date_is_refused():
    with pytest.raises(NeverDated, match="no date"):
        galley_of(make.article(live=False))


def test_a_report_keeps_its_key_points_but_the_first_for_those_who_may_read_on():
    galley = galley_of(make.article("report", key_points=["One.", "Two."], report_kind="country"))

    assert galley.label == "Country Report"
    assert galley.key_points == ("One.", "Two.")
    assert without_rest(galley).key_points == ("One.",)


def test_an_article_about_countries_has_a_map_unless_it_has_a_picture():
    kenya = make.country("Kenya")
    with_map = galley_of(make.article(countries=[kenya]))
    with_picture = galley_of(make.article(countries=[kenya], lead_image=make.image(), lead_credit="A. Photographer"))

    assert with_map.located.svg.startswith("<svg")
    assert with_map.located.caption == "Kenya"
    assert with_picture.located is None
    assert with_picture.picture is not None
    assert with_picture.picture.credit == "A. Photographer"
    assert all(file.free and file.path.startswith("/media/") for file in with_picture.files)


@pytest.mark.parametrize(("count", "mapped"), [(1, 1), (3, 3), (4, 4), (5, 1)])
def test_a_map_shows_up_to_four_countries_and_of_more_the_main_one(count, mapped):
    names = ("Kenya", "Ethiopia", "Egypt", "France", "Japan")[:count]
    article = make.article(countries=[make.country(name) for name in names])
    galley, teaser = galley_of(article), teasers_of([article.pk])[article.pk]

    assert galley.located.caption == ", ".join(link.text for link in galley.countries[:mapped])
    assert teaser.codes == galley.located.codes


def test_a_recording_is_heard_only_by_those_who_may_read_on():
    gated = galley_of(make.article("podcast", recording=make.document("talk.mp3"), duration="24:10"))
    open_to_all = galley_of(make.article("podcast", audience="open", recording=make.document("talk.mp3")))

    assert gated.recording.endswith(".mp3")
    assert [file.free for file in gated.files] == [False]
    assert without_rest(gated).recording == ""
    assert without_rest(gated).files == ()
    assert without_rest(open_to_all).recording == open_to_all.recording


def test_words_are_counted_when_an_article_is_saved():
    article = make.article(body=["one two three", {"type": "heading", "value": "four"}])

    assert saved(article).words == 4


def test_without_the_rest_no_paid_word_is_left():
    paid = "zugzwang"
    article = make.article(
        "report",
        audience="members",
        body=["free " * 120, "see[^1] " + paid, {"type": "footnote", "value": {"mark": "1", "text": paid}}],
        chapters=[("chapter", {"title": "Two", "body": [("paragraph", f"<p>{paid}</p>")]})],
        key_points=["First.", paid],
    )
    galley = galley_of(saved(article))

    assert paid in repr(galley)
    assert paid not in repr(without_rest(galley))
    assert [chapter.title for chapter in without_rest(galley).chapters] == ["Two"]


def test_a_podcast_says_in_lists_how_long_it_is():
    podcast = make.article("podcast", recording=make.document("talk.mp3"), duration="24:10")
    briefing = make.article()

    teasers = teasers_of([podcast.pk, briefing.pk])

    assert [teasers[one.pk].duration for one in (podcast, briefing)] == ["24:10", ""]


def test_an_episode_that_was_not_recorded_lasts_no_time():
    podcast = make.article("podcast", duration="24:10")

    assert galley_of(podcast).duration == ""
    assert teasers_of([podcast.pk])[podcast.pk].duration == ""


def test_a_roundup_of_links_lies_in_no_one_place(db):
    countries = [make.country(name) for name in ("Kenya", "Peru")]
    galleys = [galley_of(make.article(kind, countries=countries)) for kind in ("briefing", "roundup")]

    assert [bool(galley.located) for galley in galleys] == [True, False]

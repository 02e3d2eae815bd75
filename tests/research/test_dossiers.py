"""Dossiers: gathered, kept up as articles come in, and with what changed; to each reader what they may read."""

import pytest

from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.catching_up import catch_up, folder
from broadsheet.library.following import Subject
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.policy import Often
from broadsheet.library.sight import EVERYTHING
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from broadsheet.research import matters
from broadsheet.research.actions import dossiers, editing
from broadsheet.research.actions.refreshing import find_due, refresh, refresh_dossiers
from broadsheet.research.dossiers_shown import shown
from broadsheet.research.models import Change, Dossier, ResearchRules, Tally
from tests import cast, make
from tests.research.dossiers import DAY, FOUR, FREE, HOUR, PAID, SECOND, SIX, go_round, of_editors, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state")]


def test_a_countrys_own_profile_is_quoted_first_however_much_came_out_since(kenya, at, monkeypatch):
    monkeypatch.setattr(matters, "LOOKED_AT", 1)
    monkeypatch.setattr(matters, "MORE", 1)
    for headline, says, when in (("Kenya: Country Profile", FREE, at - 9 * DAY), ("Kenya today", PAID, at)):
        published(headline, when, says=says, countries=[kenya])
    go_round(at)
    dossier = Dossier(kind=Dossier.Kind.COUNTRY, row=kenya.pk)

    found = matters.standing_on(dossier, matters.matter_of(dossier), sight=EVERYTHING, at=at, index=None)

    assert [one.text for one in found.quotations] == [FREE]


def texts(dossier):
    return [point.text for point in dossier.points.filter(set_aside_at=None)]


def changes(dossier):
    return [(one.kind, one.text, one.other_text) for one in dossier.changes.all()]


def test_a_dossier_quotes_what_names_its_country_and_knows_what_is_beyond_the_cut(kenya, at):
    published("The envoy", at, countries=[kenya])
    published("The treaty", at, countries=[kenya], body=[FREE, make.PARAGRAPH, make.PARAGRAPH])

    dossier = of_editors(kenya, at)

    assert {(point.text, point.free) for point in dossier.points.all()} == {(PAID, False), (FREE, True)}
    assert changes(dossier) == []


def test_a_reader_who_may_not_read_on_gets_the_free_sentence_alone(kenya, at):
    rex, sada = cast.rex(at), cast.sada(at)
    published("The envoy", at, countries=[kenya])
    published("The treaty", at, countries=[kenya], body=[FREE, make.PARAGRAPH, make.PARAGRAPH])
    own = [dossiers.begin_own(who, subject=Subject("country", kenya.pk), often=None, at=at) for who in (rex, sada)]

    go_round(at)

    assert [set(texts(one)) for one in own] == [{FREE}, {FREE, PAID}]


def test_a_question_is_answered_in_the_sight_of_whoever_asked(at):
    rex, sada = cast.rex(at), cast.sada(at)
    published("The border", at, says=FOUR)
    published("The treaty", at, says=FREE)
    asked = "How many soldiers has Kenya sent to guard the border?"
    own = [dossiers.begin_own(who, question=asked, often=None, at=at) for who in (rex, sada)]

    go_round(at)

    assert [FOUR in texts(one) for one in own] == [False, True]


def test_what_came_out_since_is_told_as_new_and_only_once(kenya, at):
    published("The envoy", at, countries=[kenya])
    dossier = of_editors(kenya, at)
    published("The border", at + HOUR, says=FOUR, countries=[kenya])

    assert go_round(at + HOUR) == 1
    assert changes(dossier) == [("new", FOUR, "")]
    assert go_round(at + 2 * HOUR) == 0
    assert Change.objects.count() == 1


def test_another_figure_of_the_same_weeks_is_told_as_a_contradiction(kenya, at):
    published("The border", at, says=FOUR, countries=[kenya])
    dossier = of_editors(kenya, at)
    published("The border again", at + DAY, says=SIX, countries=[kenya])

    go_round(at + DAY)

    assert changes(dossier) == [("disagree", SIX, FOUR)]


def test_an_article_that_gives_no_quotation_is_told_as_added(kenya, at):
    published("The envoy", at, countries=[kenya])
    dossier = of_editors(kenya, at)
    article = published("Of nobody", at + HOUR, says=make.PARAGRAPH, countries=[kenya])

    go_round(at + HOUR)

    assert [(one.kind, one.article_id, one.freely) for one in dossier.changes.all()] == [("article", article.pk, True)]


def test_an_article_that_is_about_it_only_beyond_the_cut_is_not_told_to_strangers(kenya, at):
    published("The envoy", at, countries=[kenya])
    dossier = of_editors(kenya, at)
    published("Nobody named", at + HOUR, says=f"{FOUR} Kenya, Kenya and Kenya again.")

    go_round(at + HOUR)

    assert [(one.kind, one.freely) for one in dossier.changes.all()] == [("new", False)]


def test_an_old_article_that_is_corrected_is_no_news(kenya, at):
    article = published("The envoy", at - 90 * DAY, countries=[kenya])
    dossier = of_editors(kenya, at)
    make.published(Article.objects.get(pk=article.pk).specific, standfirst="Corrected.")
    press(article.pk, at=at + HOUR)

    assert go_round(at + HOUR) == 1
    assert changes(dossier) == []
    assert texts(dossier) == [PAID]


def test_what_was_taken_back_is_quoted_no_more(kenya, at):
    article = published("The envoy", at, countries=[kenya])
    dossier = of_editors(kenya, at)
    take_back(Article.objects.get(pk=article.pk), by=None, at=at + HOUR)
    press(article.pk, at=at + HOUR)

    go_round(at + HOUR)

    assert texts(dossier) == []


@pytest.mark.parametrize(("taken", "left"), [("The border", ("", SIX)), ("The border again", (FOUR, ""))])
def test_of_what_was_taken_back_no_word_is_kept_in_what_changed(kenya, at, taken, left):
    articles = {"The border": published("The border", at, says=FOUR, countries=[kenya])}
    dossier = of_editors(kenya, at)
    articles["The border again"] = published("The border again", at + DAY, says=SIX, countries=[kenya])
    go_round(at + DAY)
    assert changes(dossier) == [("disagree", SIX, FOUR)]

    take_back(Article.objects.get(pk=articles[taken].pk), by=None, at=at + 2 * DAY)
    press(articles[taken].pk, at=at + 2 * DAY)
    go_round(at + 2 * DAY)

    change = dossier.changes.get(kind="disagree")
    assert (change.other_text, change.text) == left
    shown(dossier, sight=EVERYTHING)


def test_an_article_on_something_else_makes_nothing_due(kenya, at):
    published("The envoy", at, countries=[kenya])
    of_editors(kenya, at)
    published("Elsewhere", at + HOUR, says="Peru elected a new parliament on Tuesday, in the rain.")

    assert go_round(at + HOUR) == 0


def test_a_question_is_looked_at_again_when_an_article_has_half_of_its_words(at):
    sada = cast.sada(at)
    published("The envoy", at)
    dossiers.begin_own(sada, question="Why did Kenya withdraw its ambassador?", often=None, at=at)
    go_round(at)

    published("Of nobody", at + HOUR, says=make.PARAGRAPH)
    assert go_round(at + HOUR) == 0
    published("The ambassador", at + 2 * HOUR, says="The ambassador of Kenya came back to Addis Ababa on Friday morning.")
    assert go_round(at + 2 * HOUR) == 1


class Meanwhile(Index):
    """As the library stands at this moment; then something comes in, while it is still looked through."""

    def __init__(self, comes_in):
        super().__init__(folder())
        self.comes_in = comes_in

    def looking(self, sight):
        looking = super().looking(sight)
        self.comes_in()
        return looking


def test_what_comes_in_while_a_dossier_is_gathered_is_not_lost(at):
    sada = cast.sada(at)
    published("The treaty", at, says=FREE)
    own = dossiers.begin_own(sada, question="How many soldiers guard the border of Kenya?", often=None, at=at)
    glean_new(at=at)
    catch_up()

    waiting = [FOUR]

    def comes_in():
        if waiting:
            published("The border", at, says=waiting.pop())
            glean_new(at=at)
            catch_up()
            find_due(at=at + SECOND, index=Index(folder()))

    refresh(own.pk, at=at, index=Meanwhile(comes_in))

    assert FOUR not in texts(own)
    assert go_round(at + HOUR) == 1
    assert FOUR in texts(own)


def test_the_same_question_in_the_same_sight_is_looked_for_once(at):
    published("The border", at, says=FOUR)
    asked, looks = "How many soldiers guard the border of Kenya?", []
    own = [dossiers.begin_own(who(at), question=asked, often=None, at=at) for who in (cast.sada, cast.gus, cast.fay)]
    glean_new(at=at)
    catch_up()

    assert refresh_dossiers(at=at, index=Meanwhile(lambda: looks.append(1))) == 3
    together = len(looks)
    looks.clear()
    refresh(own[0].pk, at=at, index=Meanwhile(lambda: looks.append(1)))
    assert together == 1 + 2 * len(looks)  # one to see how far the index is
    assert [FOUR in texts(one) for one in own] == [True, True, False]


# By an editor's hand


@pytest.fixture
def two(kenya, at):
    """A dossier of two quotations."""
    published("The envoy", at, countries=[kenya])
    published("The border", at, says=FOUR, countries=[kenya])
    return of_editors(kenya, at)


def point_of(dossier, text):
    return dossier.points.get(text=text)


def test_what_is_pinned_stays_whatever_comes_in(two, kenya, at):
    editing.pin(two.pk, point_of(two, FOUR).pk, at=at)
    for number in range(14):
        published(f"Treaty {number}", at + HOUR, says=TREATY.format(*WORDS[number::14]), countries=[kenya])

    go_round(at + HOUR)

    assert FOUR in texts(two)
    assert len(texts(two)) == 12


TREATY = "Kenya signed a treaty on {} with {}, {} and {} in {} today."
NAMES = """
apples boats cedar dates eggs figs gold hides iron jute kelp lead maize nickel
Oman Peru Qatar Russia Spain Togo Uganda Vietnam Yemen Zambia Austria Belgium Chile Denmark
Ecuador Finland Greece Hungary India Jordan Kuwait Latvia Malta Norway Poland Nepal Romania Serbia
Turkey Ukraine Angola Brazil Cuba Fiji Ghana Haiti Iran Japan Laos Mexico Niger Panama
Accra Bonn Cairo Dakar Enugu Fez Graz Hull Izmir Jena Kyoto Lagos Minsk Nice
"""
WORDS = NAMES.split()


def test_what_is_set_aside_does_not_come_again(two, kenya, at):
    editing.set_aside(two.pk, point_of(two, FOUR).pk, at=at)
    published("The treaty", at + HOUR, says=FREE, countries=[kenya])

    go_round(at + HOUR)

    assert set(texts(two)) == {PAID, FREE}


def test_an_editor_sets_the_order(two, at):
    first, second = texts(two)

    editing.move(two.pk, point_of(two, second).pk, by=-1, at=at)

    assert texts(two) == [second, first]
    assert point_of(two, second).pinned_at == at


def test_an_editor_quotes_less_and_says_something_before(two, at):
    point = point_of(two, FOUR)

    editing.say(two.pk, point.pk, said="On the border:", text="4,000 soldiers to guard the border", at=at)

    point.refresh_from_db()
    assert (point.said, point.text) == ("On the border:", "… 4,000 soldiers to guard the border …")
    go_round(at + HOUR)
    assert "… 4,000 soldiers to guard the border …" in texts(two)


def test_an_editor_puts_no_word_into_a_quotation(two, at):
    with pytest.raises(editing.NotInTheParagraph):
        editing.say(two.pk, point_of(two, FOUR).pk, said="", text="Kenya has sent 40,000 soldiers", at=at)

    assert FOUR in texts(two)


ABOVE = "A correction that says something of the weather."


def corrected(article, at, body):
    make.published(Article.objects.get(pk=article.pk).specific, body=[make.block(text) for text in body])
    press(article.pk, at=at)
    go_round(at)


@pytest.fixture
def border(kenya, at):
    return published("The border", at, says=FOUR, countries=[kenya])


@pytest.fixture
def shortened(border, kenya, at):
    """Its quotation is a part of the sentence, with an editor's words before it."""
    dossier = of_editors(kenya, at)
    editing.say(dossier.pk, dossier.points.get().pk, said="On the border:", text="4,000 soldiers to guard the border", at=at)
    return dossier


def test_a_paragraph_above_moves_a_pinned_quotation_and_takes_nothing_from_it(border, shortened, at):
    corrected(border, at + HOUR, [ABOVE, make.PARAGRAPH, make.PARAGRAPH, FOUR])

    point = shortened.points.get(pinned_at__isnull=False)
    assert (point.paragraph, point.said, point.text) == (3, "On the border:", "… 4,000 soldiers to guard the border …")
    assert point.text in [one.text for one in shown(shortened, sight=EVERYTHING).points]


def test_a_quotation_whose_words_are_corrected_goes(border, shortened, at):
    corrected(border, at + HOUR, [make.PARAGRAPH, make.PARAGRAPH, FOUR.replace("4,000", "14,000")])

    assert not shortened.points.filter(pinned_at__isnull=False).exists()


def test_two_that_move_into_each_others_places_both_stay(kenya, at):
    article = published("The border", at, body=[make.PARAGRAPH, FOUR, PAID], countries=[kenya])
    dossier = of_editors(kenya, at)
    for point in dossier.points.all():
        editing.pin(dossier.pk, point.pk, at=at)

    corrected(article, at + HOUR, [make.PARAGRAPH, PAID, FOUR])

    assert dict(dossier.points.values_list("paragraph", "text")) == {1: PAID, 2: FOUR}


@pytest.mark.parametrize("verb", [editing.pin, editing.set_aside])
def test_what_an_editor_set_outlasts_a_while_off_the_site_and_is_shown_nowhere_meanwhile(border, kenya, at, verb):
    dossier = of_editors(kenya, at)
    verb(dossier.pk, dossier.points.get().pk, at=at)
    before = dossier.points.values("pinned_at", "set_aside_at", "text").get()

    take_back(Article.objects.get(pk=border.pk), by=None, at=at + HOUR)
    press(border.pk, at=at + HOUR)
    go_round(at + HOUR)
    away = shown(dossier, sight=EVERYTHING)
    corrected(border, at + DAY, [ABOVE, make.PARAGRAPH, FOUR])

    assert (away.points, away.held_back) == ((), 0)
    assert dossier.points.values("pinned_at", "set_aside_at", "text").get() == before


def test_of_an_article_that_is_deleted_nothing_is_kept(border, shortened, at):
    Article.objects.get(pk=border.pk).delete()
    press(border.pk, at=at + HOUR)

    go_round(at + HOUR)

    assert not shortened.points.exists()


# Readers' own


def test_a_reader_has_one_dossier_of_a_thing(kenya, at):
    sada = cast.sada(at)
    first, again = (dossiers.begin_own(sada, subject=Subject("country", kenya.pk), often=Often.DAILY, at=at) for _ in range(2))

    assert first == again
    assert sada.dossiers_followed.count() == 1


def test_an_account_has_so_many(at):
    sada = cast.sada(at)
    for number in range(dossiers.MOST_OWN):
        dossiers.begin_own(sada, question=f"What is quillwort {number}?", often=None, at=at)

    with pytest.raises(dossiers.TooMany):
        dossiers.begin_own(sada, question="And what is sedge?", often=None, at=at)


@pytest.mark.parametrize("subject", [Subject("country", 99), Subject("region", 1), Subject("relation", 98, 99)])
def test_there_is_no_dossier_of_what_is_not_on_the_desk(subject, at):
    with pytest.raises(dossiers.NoSuchSubject):
        dossiers.begin_own(cast.sada(at), subject=subject, often=None, at=at)


def test_only_what_is_published_can_be_followed(two, at):
    sada = cast.sada(at)
    assert dossiers.follow(sada, "kenya", often=Often.DAILY, at=at) is None

    editing.publish(two.pk, at=at)

    following = dossiers.follow(sada, "kenya", often=Often.DAILY, at=at)
    assert following
    assert following.dossier == two


# How much of one article

QUESTIONS = {
    "When did Kenya open its grain exchange?": "Kenya opened its first grain exchange in the port of Mombasa in May 1998.",
    "Who founded the harbour of Lamu?": "The harbour of Lamu was founded by merchants from Oman in the year 1370.",
    "How many ships does Tanzania own?": "Tanzania owns 42 ships, most of which were built in yards of South Korea.",
    "Why did Uganda leave the customs union?": "Uganda left the customs union because its farmers could not sell their coffee.",
}


@pytest.fixture
def of_four(at):
    """One article that answers all four."""
    ResearchRules.objects.update_or_create(defaults={"words_of_an_article": 20})
    published("Trade on the coast", at, audience="open", body=list(QUESTIONS.values()))


def words_quoted(reader, at):
    """In dossiers of all four."""
    for question in QUESTIONS:
        dossiers.begin_own(reader, question=question, often=None, at=at)
    go_round(at)
    return sum(len(text.split()) for one in dossiers.own(reader) for text in texts(one))


@pytest.mark.usefixtures("of_four")
def test_dossiers_quote_no_more_of_an_article_a_day_than_asking_does(at):
    assert 0 < words_quoted(cast.rex(at), at) <= 20


@pytest.mark.usefixtures("of_four")
def test_to_a_subscriber_they_quote_whatever_answers(at):
    assert words_quoted(cast.sada(at), at) > 40


@pytest.mark.usefixtures("of_four")
def test_what_a_dossier_quotes_stays_in_it_whatever_else_was_quoted_on_that_day(at):
    rex = cast.rex(at)
    before = words_quoted(rex, at)
    for quoted in (tally.quoted for tally in Tally.objects.all()):
        Tally.objects.update(quoted={article: {"what was asked": 20} for article in quoted})
    Dossier.objects.update(due_at=at)

    assert words_quoted(rex, at) == before

"""Editors make, arrange and publish dossiers on the desk; whoever may not, does not."""

import pytest
from django.db.models.signals import post_init, pre_save

from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article
from broadsheet.press.models import Pressing
from broadsheet.research.actions import editing
from broadsheet.research.models import Dossier
from tests import cast, make
from tests.research.dossiers import FOUR, PAID, go_round, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state")]


@pytest.fixture
def edda(at, time_machine):
    time_machine.move_to(at, tick=False)
    return cast.log_in(cast.edda(at))


@pytest.fixture
def dossier(edda, at):
    kenya = make.country("Kenya")
    published("The envoy", at, countries=[kenya])
    published("The border", at, says=FOUR, countries=[kenya])
    edda.post("/admin/dossiers/", {"country": [str(kenya.pk), ""]})
    go_round(at)
    return Dossier.objects.get()


def test_an_editor_begins_arranges_and_publishes_one(edda, dossier):
    page = f"/admin/dossiers/{dossier.pk}/"
    first, second = dossier.points.values_list("pk", flat=True)

    edda.post(page, {"do": "words", "title": "Kenya’s borders", "introduction": "What it is about."})
    edda.post(page, {"do": f"up:{second}"})
    edda.post(page, {"do": f"aside:{first}"})
    edda.post(page, {"do": "publish"})

    dossier.refresh_from_db()
    assert (dossier.title, dossier.slug) == ("Kenya’s borders", "kenyas-borders")
    assert dossier.published_at
    assert [point.pk for point in dossier.points.filter(set_aside_at=None)] == [second]
    shown = edda.get(page).content.decode()
    assert "Take it in again" in shown
    assert "On the site" in shown


def test_words_that_do_not_stand_there_are_refused_with_a_sentence(edda, dossier):
    point = dossier.points.first()

    answer = edda.post(
        f"/admin/dossiers/{dossier.pk}/",
        {"do": f"say:{point.pk}", f"text-{point.pk}": "Something else entirely", f"said-{point.pk}": ""},
        follow=True,
    )

    assert "stands in its paragraph to the letter" in answer.content.decode()
    point.refresh_from_db()
    assert point.text in (FOUR, PAID)


def test_a_curator_has_no_dossiers(dossier, at):
    carlo = cast.log_in(cast.carlo(at))

    for answer in (carlo.get("/admin/dossiers/"), carlo.post(f"/admin/dossiers/{dossier.pk}/", {"do": "delete"})):
        assert answer.status_code in (302, 403)
    assert Dossier.objects.exists()


def test_a_readers_own_is_not_on_the_desk(edda, at):
    own = Dossier.objects.create(reader=cast.sada(at), kind="question", question="What is quillwort?", title="Theirs", made_at=at)

    assert edda.get(f"/admin/dossiers/{own.pk}/").status_code == 404
    assert "Theirs" not in edda.get("/admin/dossiers/").content.decode()


def test_nothing_chosen_begins_nothing(edda):
    assert edda.post("/admin/dossiers/", {"country": ["", ""]}).status_code == 422
    assert not Dossier.objects.exists()


QUOTED = "The two governments have not spoken of the border in public since the spring, and their envoys no longer meet."


def quote(browser, dossier, article, text):
    said = {"do": "quote", "address": f"https://example.org{article.pressing_path}", "text": text, "said": "Silence:"}
    return browser.post(f"/admin/dossiers/{dossier.pk}/", said, follow=True).content.decode()


@pytest.fixture
def silence(dossier, at):
    """An article that nothing would choose: it names no country."""
    article = published("A silence", at, says=QUOTED)
    article.pressing_path = Pressing.objects.get(article_id=article.pk).path
    return article


def test_an_editor_quotes_what_nothing_would_have_chosen_and_it_stays(edda, dossier, silence, at):
    page = quote(edda, dossier, silence, "have not spoken of the border in public since the spring")
    editing.publish(dossier.pk, at=at)
    Dossier.objects.update(due_at=at)
    go_round(at)

    point = dossier.points.get(article_id=silence.pk)
    assert "have not spoken of the border" in page
    assert (point.said, point.text) == ("Silence:", "… have not spoken of the border in public since the spring …")
    assert (point.free, bool(point.pinned_at)) == (False, True)


def test_quoted_twice_it_stands_once(edda, dossier, silence):
    for _ in range(2):
        quote(edda, dossier, silence, QUOTED)

    assert dossier.points.filter(article_id=silence.pk).count() == 1


@pytest.mark.parametrize("text", ["The two governments speak of the border daily.", "", " … "])
def test_what_does_not_stand_in_the_article_is_not_quoted(edda, dossier, silence, text):
    page = quote(edda, dossier, silence, text)

    assert "to the letter" in page
    assert not dossier.points.filter(article_id=silence.pk).exists()


def test_what_is_not_on_the_site_is_not_quoted(edda, dossier, silence, at):
    take_back(Article.objects.get(pk=silence.pk), by=None, at=at)

    assert "There is no such article on the site" in quote(edda, dossier, silence, QUOTED)
    assert not dossier.points.filter(article_id=silence.pk).exists()


def test_a_quotation_shortened_to_where_another_begins_is_refused_with_a_sentence(edda, dossier, silence, at):
    whole = editing.quote(dossier.pk, silence.pk, text=QUOTED, at=at)
    part = editing.quote(dossier.pk, silence.pk, text="have not spoken of the border in public", at=at)
    said = {"do": f"say:{whole.pk}", f"text-{whole.pk}": "have not spoken of the border", f"said-{whole.pk}": "No:"}

    page = edda.post(f"/admin/dossiers/{dossier.pk}/", said, follow=True).content.decode()

    assert "Another quotation of this dossier begins with these words" in page
    assert [one.text for one in dossier.points.filter(pk__in=[whole.pk, part.pk])] == [whole.text, part.text]


def test_a_quotation_is_shortened_to_the_place_nearest_to_its_own(edda, dossier, at):
    twice = published("Twice", at, says="The border is shut. Nobody says why the border is shut.")
    point = editing.quote(dossier.pk, twice.pk, text="Nobody says why the border is shut.", at=at)

    editing.say(dossier.pk, point.pk, said="", text="border is shut", at=at)

    point.refresh_from_db()
    assert point.begin == 40


@pytest.fixture
def gone_meanwhile(dossier):
    """Another editor deletes it, when it was already looked up."""

    there = [dossier.pk]

    def delete(sender, instance, **_):
        if there:
            Dossier.objects.filter(pk=there.pop()).delete()

    post_init.connect(delete, sender=Dossier)
    yield
    post_init.disconnect(delete, sender=Dossier)


@pytest.mark.usefixtures("gone_meanwhile")
def test_what_another_deletes_meanwhile_is_not_there(edda, dossier):
    answer = edda.post(f"/admin/dossiers/{dossier.pk}/", {"do": "words", "title": "Kenya"})

    assert answer.status_code == 404


@pytest.fixture
def taken_meanwhile(dossier, at):
    """Another editor publishes one under the same address, when it was already found free."""
    others = [Dossier(kind="country", row=9, title="Kenya", slug="kenya", made_at=at, published_at=at)]

    def publish(sender, instance, **_):
        if instance.slug and others:
            others.pop().save()

    pre_save.connect(publish, sender=Dossier)
    yield
    pre_save.disconnect(publish, sender=Dossier)


@pytest.mark.usefixtures("taken_meanwhile")
def test_of_two_that_are_published_at_once_both_get_an_address(edda, dossier):
    edda.post(f"/admin/dossiers/{dossier.pk}/", {"do": "publish"})

    dossier.refresh_from_db()
    assert dossier.published_at
    assert dossier.slug

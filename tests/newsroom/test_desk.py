"""What an editor sees and does on the desk."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from broadsheet.design.inline import hash_of
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.desk.onlookers import MODES
from broadsheet.newsroom.desk.remarks import manuscript_of
from broadsheet.newsroom.desk.taking_back import TakeBackMany
from broadsheet.newsroom.models import Article, Briefing, Correction
from tests import cast, make

pytestmark = pytest.mark.django_db
PAID = "zugzwang"


@pytest.fixture
def front(at):
    return make.publication(at=at)


@pytest.fixture
def editor(front, at):
    """A browser in which Edda is on the desk."""
    return cast.log_in(cast.edda(at))


@pytest.fixture
def writer(front, at):
    return cast.log_in(cast.carlo(at))


@pytest.fixture
def publisher(front, at):
    return cast.log_in(cast.petra(at))


@pytest.mark.parametrize("kind", make.TYPES)
def test_every_type_has_a_form_in_four_tabs(editor, kind):
    page = editor.get(
        reverse("wagtailadmin_pages:add", args=["newsroom", make.TYPES[kind].__name__.lower(), make.index(kind).pk])
    )

    assert page.status_code == 200
    for tab in ("Article", "Access &amp; dates", "Axes", "Corrections"):
        assert tab in page.content.decode()


@pytest.mark.parametrize("kind", make.TYPES)
def test_every_type_can_be_opened_again(editor, kind):
    article = make.article(kind, contributors=[make.contributor()], countries=[make.country()])

    assert editor.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).status_code == 200


@pytest.mark.parametrize("kind", make.TYPES)
def test_under_its_parent_only_articles_of_a_type_are_begun(editor, kind):
    begun = editor.get(reverse("wagtailadmin_pages:add_subpage", args=[make.index(kind).pk]))

    assert begun.url == reverse(
        "wagtailadmin_pages:add", args=["newsroom", make.TYPES[kind].__name__.lower(), make.index(kind).pk]
    )


def test_what_is_typed_for_a_country_and_is_none_is_refused_and_not_lost(editor):
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "briefing", make.index("briefing").pk])
    answer = editor.post(address, {**form_of(), "countries": [str(make.country().pk)], "countries-typed": "geoTurk"})

    assert "“geoTurk” is not a valid value" in answer.content.decode()
    assert not Briefing.objects.exists()


def test_the_main_country_is_one_of_the_countries(editor):
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "briefing", make.index("briefing").pk])
    georgia, kenya = make.country("Georgia"), make.country("Kenya")
    editor.post(address, {**form_of(main_country=str(georgia.pk)), "countries": [str(kenya.pk)], "action-publish": "yes"})

    assert set(Briefing.objects.get().countries.all()) == {georgia, kenya}


def test_the_desk_calls_the_types_what_readers_call_them(editor):
    make.article("edition")

    assert "Newsletter" in editor.get(reverse("wagtailadmin_explore", args=[make.index("edition").pk])).content.decode()
    assert (
        "edition page"
        not in editor.get(reverse("wagtailadmin_pages:edit", args=[Article.objects.get().pk])).content.decode().lower()
    )


def test_a_correction_is_dated_now_until_somebody_says_otherwise(at):
    with time_machine.travel(at, tick=False):
        assert Correction().corrected_at == at


def form_of(**more):
    """What the form of a briefing posts."""
    empty = {name: inline_formset([]) for name in ("bylines", "related", "corrections", "comments")}
    return nested_form_data(
        {
            "title": "A Dam",
            "slug": "a-dam",
            "standfirst": "Why it holds.",
            "audience": "metered",
            "body": streamfield([("paragraph", '{"blocks":[{"key":"a","text":"Water.","type":"unstyled"}],"entityMap":{}}')]),
            **empty,
            **more,
        }
    )


def test_an_editor_writes_and_publishes_a_briefing(editor):
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "briefing", make.index("briefing").pk])
    editor.post(address, form_of(**{"action-publish": "yes"}))
    article = Briefing.objects.get()

    assert article.live
    assert article.dated_at is not None
    assert article.address == "/briefings/a-dam/"


@pytest.mark.parametrize("slug", ["archive", "page"])
def test_a_slug_that_is_a_part_of_a_list_is_refused(editor, slug):
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "briefing", make.index("briefing").pk])
    answer = editor.post(address, form_of(slug=slug, **{"action-publish": "yes"}))
    axis = editor.post(reverse("wagtailsnippets_newsroom_issue:add"), {"name": "Any", "slug": slug, "standfirst": ""})

    for page in (answer, axis):
        assert f"“{slug}” is a part of the list above it" in page.content.decode()
    assert not Briefing.objects.exists()


def test_a_writer_may_submit_but_not_publish(writer):
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "briefing", make.index("briefing").pk])
    writer.post(address, form_of(**{"action-publish": "yes"}))

    assert not Briefing.objects.get().live
    form = writer.get(reverse("wagtailadmin_pages:edit", args=[Briefing.objects.get().pk])).content.decode()
    assert "Take back" not in form
    assert "Submit to the editors" in form


def test_the_list_of_articles_tells_type_audience_and_countries(editor):
    make.article(
        "report", headline="The Narrow Commons", report_kind="special", audience="members", countries=[make.country("Kenya")]
    )
    page = editor.get(reverse("articles:index")).content.decode()

    for told in ("The Narrow Commons", "Report", "Members", "Kenya"):
        assert told in page


def test_the_list_of_articles_begins_with_what_was_edited_last_and_tells_its_schedule(editor, at):
    make.article(headline="An old import", at=at - timedelta(days=400))
    make.article(headline="Out today", at=at)
    later = make.article(headline="Due on Friday", live=False)
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        later.go_live_at = at + timedelta(days=4)
        later.save_revision().publish()
        page = editor.get(reverse("articles:index"))

    assert [article.title for article in page.context["object_list"]] == ["Due on Friday", "Out today", "An old import"]
    assert "6 Mar 2026, 08:00" in page.content.decode()
    assert "scheduled" in page.content.decode()


@pytest.mark.parametrize("ordering", ["-edited_at", "dated_at", "audience", "title"])
def test_a_search_among_articles_takes_any_order(editor, ordering):
    make.article(headline="A Dam")

    assert editor.get(reverse("articles:index"), {"q": "dam", "ordering": ordering}).status_code == 200


def test_a_longer_list_of_articles_asks_the_database_no_more(editor):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            editor.get(reverse("articles:index"))
        return len(queries)

    make.article(countries=[make.country()])
    asked()  # which fills what is remembered
    of_one = asked()
    for _ in range(5):
        make.article(countries=[make.country("Kenya"), make.country("Egypt")])

    assert asked() == of_one


@pytest.mark.parametrize("list_of", ["contributor", "country", "region", "issue", "section", "series"])
def test_every_axis_is_edited_on_the_desk(editor, list_of):
    make.contributor("Amara Osei")
    address = reverse(f"wagtailsnippets_newsroom_{list_of}:list")

    assert editor.get(address, {"q": "amara"}).status_code == 200


def test_the_house_rules_are_the_publishers_to_change(publisher, editor):
    address = reverse("wagtailsettings:edit", args=["newsroom", "newsroomrules"])

    assert publisher.get(address, follow=True).status_code == 200
    assert editor.get(address, follow=True).redirect_chain


def test_the_front_page_is_curated_in_slots(editor, front):
    lead, second = make.article(), make.article()
    slot = {"id": "", "article": str(second.pk), "until": "", "ORDER": "1"}
    form = {"title": "The Test Review", "slug": "home", "lead": str(lead.pk), "report_of_the_week": "", "action-publish": "yes"}
    editor.post(
        reverse("wagtailadmin_pages:edit", args=[front.pk]),
        nested_form_data({**form, "slots": inline_formset([slot]), "comments": inline_formset([])}),
    )
    front.refresh_from_db()

    assert front.lead_id == lead.pk
    assert [one.article_id for one in front.slots.all()] == [second.pk]


def test_a_chooser_begins_with_the_newest_articles_and_a_search(editor, front, at):
    make.article(headline="The Old One", at=at - timedelta(days=9))
    make.article("report", headline="The New One", at=at)
    form = editor.get(reverse("wagtailadmin_pages:edit", args=[front.pk])).content.decode()
    newest = editor.get(reverse("newsroom_choose_article"), {"page_type": "newsroom.article"}).json()["html"]

    assert reverse("newsroom_choose_article") in form
    assert 0 < newest.index("The New One") < newest.index("The Old One")
    assert reverse("wagtailadmin_choose_page_search") in newest


def test_the_addresses_of_the_front_page_and_of_the_parents_are_not_the_desks_to_change(publisher, front):
    for page in (front, make.index("briefing")):
        form = publisher.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

        assert form.status_code == 200
        assert "slug" not in form.context["form"].fields


def test_the_desk_bears_the_publications_name(editor):
    page = editor.get(reverse("wagtailadmin_home")).content.decode()

    assert "- The Test Review</title>" in page
    assert '<span class="desk-name">The Test Review</span>' in page


# Previews


def previewed(editor, article, mode):
    """The preview that the desk shows of this article to one of the cast, from the form as it is."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    editor.post(address, form_of(body=streamfield([("paragraph", raw(text)) for text in ("free " * 110, PAID, "more")])))
    return editor.get(address, {"mode": mode})


def raw(text):
    return f'{{"blocks":[{{"key":"a","text":"{text.strip()}","type":"unstyled"}}],"entityMap":{{}}}}'


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("vera", False),
        ("una", False),
        ("fay", True),
        ("rex", False),
        ("sada", True),
        ("pasha", True),
        ("past_grace", False),
        ("lena", False),
        ("gus", True),
        ("ines", True),
    ],
)
def test_a_draft_is_previewed_as_each_of_the_cast_would_meet_it(editor, name, reads):
    response = previewed(editor, make.article(live=False), name)

    assert (PAID in response.content.decode()) == reads
    assert "no-store" in response["Cache-Control"]
    assert "A Dam" in response.content.decode()


def test_the_preview_names_everybody_of_the_cast():
    assert [name for name, _ in MODES] == ["vera", "sada", "fay", "rex", "una", "pasha", "past_grace", "lena", "gus", "ines"]


def test_readers_see_no_preview(editor, at):
    article = make.article(live=False)
    previewed(editor, article, "sada")

    for reader in (cast.vera(), cast.log_in(cast.sada(at))):
        assert PAID not in reader.get(reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])).content.decode()


def test_a_new_page_is_previewed_before_it_is_ever_saved(editor):
    address = reverse("wagtailadmin_pages:preview_on_add", args=["newsroom", "briefing", make.index("briefing").pk])
    editor.post(address, form_of())

    assert "A Dam" in editor.get(address, {"mode": "vera"}).content.decode()


def test_a_preview_bears_the_onlookers_masthead_and_not_the_editors(editor):
    article = make.article(live=False)

    assert 'get:()=>""' in previewed(editor, article, "vera").content.decode()
    assert "%22state%22%3A%20%22member%22" in previewed(editor, article, "sada").content.decode()


def test_what_puts_the_onlooker_in_the_editors_place_may_run(editor):
    preview = previewed(editor, make.article(live=False), "sada")
    scripts = re.findall(r"<script>(.*?)</script>", preview.content.decode())

    assert len(scripts) == 2
    assert [script for script in scripts if hash_of(script) not in preview["Content-Security-Policy"]] == []


def test_the_preview_beside_the_form_brings_what_the_panel_of_checks_asks(editor):
    article = make.article(live=False)
    previewed(editor, article, "sada")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[article.pk])
    beside = editor.get(address, {"mode": "sada", "in_preview_panel": "true"})

    assert "wagtailadmin/js/userbar.js" in beside.content.decode()
    assert '"include": ["main"]' in beside.content.decode()
    assert [
        script
        for script in re.findall(r"<script>(.*?)</script>", beside.content.decode())
        if hash_of(script) not in beside["Content-Security-Policy"]
    ] == []
    assert "userbar" not in editor.get(address, {"mode": "sada"}).content.decode()


def test_as_whom_a_draft_is_looked_at_stands_above_it(editor):
    form = editor.get(reverse("wagtailadmin_pages:edit", args=[make.article().pk])).content.decode()

    assert "Look at it as" in form
    assert form.index("Vera, a visitor") < form.index("Sada, a subscriber") < form.index("Fay, registered")


# Remarks


def test_what_is_wanting_is_remarked_on_and_keeps_nobody_from_publishing(editor):
    article = make.article(standfirst="")
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()

    assert "There is no standfirst" in page
    assert "No country and no region" in page


def test_what_is_wanting_is_remarked_on_as_soon_as_a_page_is_saved(editor):
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "briefing", make.index("briefing").pk])
    assert "data-remarks" in editor.get(address).content.decode()
    begun = editor.post(address, form_of(), headers={"Accept": "application/json"}).json()
    saved = editor.post(begun["url"], form_of(title="A Dam again"), headers={"Accept": "application/json"}).json()

    for answer in (editor.get(begun["hydrate_url"]).content.decode(), saved["html"]):
        assert 'data-w-teleport-target-value="[data-remarks]"' in answer
        assert "Nobody is named as its author" in answer


def test_links_to_pages_of_ours_that_are_not_there_are_remarked_on(editor):
    there, draft = make.article(headline="There"), make.article(headline="Still a draft", live=False)
    make.issue("Water")
    addresses = (
        *("/briefings/there/", "/briefings/nowhere/", "http://testserver/issues/water/", "/issues/fire/", "/join/"),
        *("https://example.org/briefings/elsewhere/", "/briefings/archive/", "/briefings/2026/03/", "/latest/"),
    )
    links = "".join(f'<a href="{address}">x</a>' for address in addresses)
    pages = "".join(f'<a linktype="page" id="{page.pk}">x</a>' for page in (there, draft))
    article = make.article(body=[f"<p>{links}{pages}</p>"])

    assert manuscript_of(article).dead_links == ("/briefings/nowhere/", "/issues/fire/", "/briefings/still-a-draft/")
    assert "Nothing stands on our site at" in editor.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()


def test_a_link_that_cannot_be_parsed_is_none_of_ours_and_breaks_no_form(editor):
    article = make.article(body=['<p><a href="http://[">x</a> <a href="/briefings/nowhere/">y</a></p>'])

    assert manuscript_of(article).dead_links == ("/briefings/nowhere/",)
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).status_code == 200


def test_an_embargo_is_named_on_the_form(editor, at):
    with time_machine.travel(at, tick=False):
        article = make.article(embargoed_until=at + timedelta(hours=1))
        page = editor.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))

    assert "publishing now prints nothing before that moment" in page.content.decode()


# Taking back


def test_an_editor_takes_an_article_back_and_puts_it_back(editor):
    article = make.article()
    edit, take, put = (
        reverse(name, args=[article.pk]) for name in ("wagtailadmin_pages:edit", "newsroom_take_back", "newsroom_put_back")
    )
    assert take in editor.get(edit).content.decode()
    assert editor.get(take).status_code == 200
    editor.post(take, {"reason": ""})
    assert Article.objects.get(pk=article.pk).live
    editor.post(take, {"reason": "Wrong."})

    assert Article.objects.get(pk=article.pk).withdrawn_at is not None
    assert put in editor.get(edit).content.decode()
    editor.post(put)
    assert Article.objects.get(pk=article.pk).live


def test_what_was_taken_back_is_put_back_before_it_is_published_anew(editor, at):
    article = make.article()
    take_back(article, by=None, at=at)
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])

    assert "action-publish" not in editor.get(edit).content.decode()
    editor.post(edit, form_of(**{"action-publish": "yes"}))
    assert not Article.objects.get(pk=article.pk).live
    editor.post(reverse("newsroom_put_back", args=[article.pk]))
    assert "action-publish" in editor.get(edit).content.decode()


def test_the_lists_say_what_was_taken_back(editor, at):
    take_back(make.article(), by=None, at=at)

    for address in (reverse("articles:index"), reverse("wagtailadmin_explore", args=[make.index("briefing").pk])):
        assert "taken back" in editor.get(address).content.decode()


def test_writers_and_strangers_take_nothing_back(writer):
    article = make.article()
    address = reverse("newsroom_take_back", args=[article.pk])

    assert cast.vera().post(address, {"reason": "x"}).status_code == 302
    writer.post(address, {"reason": "x"})
    assert Article.objects.get(pk=article.pk).withdrawn_at is None


def test_the_desk_has_one_word_for_what_leaves_the_site(editor):
    article = make.article()
    edit, lists = reverse("wagtailadmin_pages:edit", args=[article.pk]), reverse("articles:index")
    pages = [
        editor.get(address).content.decode()
        for address in (edit, lists, reverse("wagtailadmin_explore", args=[make.index("briefing").pk]))
    ]

    for page in pages:
        assert "Take back" in page
        assert "Unpublish" not in page
    assert "Change privacy" not in pages[0]
    assert editor.get(reverse("wagtailadmin_pages:unpublish", args=[article.pk])).status_code == 302
    assert Article.objects.get(pk=article.pk).live


def test_several_articles_are_taken_back_for_one_reason(editor):
    chosen, draft = [make.article(), make.article()], make.article(live=False)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    query = "&".join(f"id={article.pk}" for article in (*chosen, draft))

    assert "Readers who ask for them" in editor.get(f"{address}?{query}").content.decode()
    editor.post(f"{address}?{query}", {"reason": "Wrong."})
    assert set(Article.objects.exclude(withdrawn_at=None)) == {Article.objects.get(pk=article.pk) for article in chosen}


def test_of_several_one_that_was_taken_back_meanwhile_holds_up_no_other(front, at):
    first, second = make.article(), make.article()
    chosen = list(Page.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk"))  # as the form was answered
    take_back(first, by=None, at=at - timedelta(minutes=1))

    assert TakeBackMany.execute_action(chosen, user=None, reason="Wrong.") == (1, 0)
    assert [Article.objects.get(pk=pk).withdrawn_at == at - timedelta(minutes=1) for pk in (first.pk, second.pk)] == [True, False]
    assert not Article.objects.filter(withdrawn_at=None).exists()


# The week


def test_the_desk_begins_with_the_week(editor, at):
    with time_machine.travel(at, tick=False):
        make.article("column", headline="Out on Monday", contributors=[make.contributor("Amara Osei", columnist_slot="Monday")])
        make.contributor("Hana Sugimoto", columnist_slot="Tuesday")
        later = make.article(headline="Due on Friday", live=False)
        later.go_live_at = at + timedelta(days=4)
        later.save_revision().publish()
        page = editor.get(reverse("wagtailadmin_home")).content.decode()

    assert "Out on Monday" in page
    assert "Due on Friday" in page
    assert "scheduled" in page
    assert "Hana Sugimoto’s column: nothing yet" in page
    assert "Amara Osei’s column" not in page


def test_the_week_says_what_could_not_be_published(editor, at):
    with time_machine.travel(at - timedelta(hours=2), tick=False):
        late = make.article(headline="Due at seven", live=False)
        late.go_live_at = at - timedelta(hours=1)
        late.save_revision().publish()
    with time_machine.travel(at, tick=False):
        page = editor.get(reverse("wagtailadmin_home")).content.decode()

    assert "could not be published" in page


def test_the_desk_links_to_the_live_page(at):
    assert make.article(headline="A Dam").full_url == "http://testserver/briefings/a-dam/"
    assert Page.objects.get(slug="a-dam").specific.url.endswith("/briefings/a-dam/")

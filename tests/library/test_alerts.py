"""Alerts: whoever saved a search or follows something is told of what comes out, once, and of nothing that they may not read."""

import errno
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection, connections
from django.db.models.signals import post_save
from django_tasks_db.models import DBTaskResult

from broadsheet.kit.models import Counter
from broadsheet.library.actions import alerts, shelves
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.actions.rounds import find_new, forget_heard, tell_due
from broadsheet.library.alerts import end_path
from broadsheet.library.catching_up import catch_up, folder
from broadsheet.library.following import Subject
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.keeping import current
from broadsheet.library.models import Alert, Candidate, Follow, Heard, Reached
from broadsheet.library.policy import FRESH, HEARD_KEPT, Often
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.tasks import tell
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.membership.models import Term
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from broadsheet.press.models import Pressing
from tests import cast, make
from tests.handed import listening

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAID = "Beyond the wall stands the word quillwort, and Mali, Mali, Mali."


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.STATE = tmp_path


def published(headline, at, **fields):
    told = {"audience": "members", "body": [make.PARAGRAPH, make.PARAGRAPH, PAID]} | fields
    article = make.article(headline=headline, at=at, **told)
    press(article.pk, at=at)
    return article


def go_round(at):
    """What the worker does after the press."""
    glean_new(at=at)
    catch_up()
    index = Index(folder())
    find_new(at=at, index=index)
    return tell_due(at=at, index=index)


def mails(to=None):
    rows = Dispatch.objects.filter(kind="alert").order_by("pk")
    return list(rows.filter(to=to.email) if to else rows)


def saved(who, text, at, often=Often.AT_ONCE):
    return alerts.save_search(who, text, often=often, at=at)


def followed(who, kind, row, at, *, other=0, often=Often.AT_ONCE):
    follow = shelves.follow(who, Subject(kind, row, other), at=at)
    return alerts.tell_of(who, follow.pk, often=often, at=at)


# What is told


def test_an_article_that_a_saved_search_finds_is_told_at_once(at):
    sada = cast.sada(at)
    saved(sada, "dam", at)
    article = published("The dam", at + HOUR, contributors=[make.contributor("Ada Writer")], standfirst="Who pays.")
    published("The river", at + HOUR)

    assert go_round(at + HOUR) == 1

    (mail,) = mails()
    assert (mail.to, mail.lane, mail.subject) == (sada.email, Lane.BULK, "dam: The dam")
    assert f"The dam\nWho pays.\nAda Writer, 2 March 2026\nhttp://testserver{article.address}" in mail.text
    assert "This comes because you saved the search “dam”." in mail.text
    assert mail.headers["List-Unsubscribe"] == f"<http://testserver{end_path(Alert.objects.get())}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "river" not in mail.text + mail.html
    assert "quillwort" not in mail.text + mail.html


def test_the_table_of_mails_says_what_an_alerts_mail_is_handed(at):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)
    with listening() as handed:
        go_round(at + HOUR)

    assert handed == {"alert": {frozenset(each.key for each in KINDS["alert"].handed)}}


def test_no_errand_a_mail_stands_before_codes(at, django_capture_on_commit_callbacks):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)

    with django_capture_on_commit_callbacks(execute=True):
        go_round(at + HOUR)

    assert len(mails()) == 1
    assert not DBTaskResult.objects.filter(queue_name="mail").exists()


def test_what_stood_there_before_is_not_told_nor_told_when_it_is_corrected(at):
    saved(cast.sada(at), "dam", at)
    old = published("The dam", at - HOUR)
    archived = published("An old dam", at - 400 * DAY)
    assert go_round(at + HOUR) == 0

    for article in (old, archived):
        make.published(Article.objects.get(pk=article.pk).specific, standfirst="Corrected.")
        press(article.pk, at=at + HOUR)

    assert go_round(at + 2 * HOUR) == 0


def test_nobody_is_told_of_an_article_twice(at):
    sada = cast.sada(at)
    country = make.country("Kenya")
    saved(sada, "dam", at)
    saved(sada, "Kenya", at, often=Often.DAILY)
    followed(sada, "country", country.pk, at, often=Often.WEEKLY)
    article = published("The dam", at + HOUR, countries=[country])
    assert go_round(at + HOUR) == 1

    make.published(Article.objects.get(pk=article.pk).specific, standfirst="Corrected.")
    press(article.pk, at=at + 2 * HOUR)

    assert [go_round(at + later) for later in (2 * HOUR, DAY, 8 * DAY)] == [0, 0, 0]
    assert not Candidate.objects.exists()


def test_what_matches_only_once_it_is_corrected_is_told_then(at):
    saved(cast.sada(at), "heron", at)
    article = published("The dam", at + HOUR)
    assert go_round(at + HOUR) == 0

    make.published(Article.objects.get(pk=article.pk).specific, standfirst="Of a heron.")
    press(article.pk, at=at + 2 * HOUR)

    assert go_round(at + 2 * HOUR) == 1


def test_a_search_is_taken_to_the_letter(at):
    saved(cast.sada(at), "the dam", at)
    saved(cast.rex(at), "dam heron", at)
    published("A dam", at + HOUR)

    assert go_round(at + HOUR) == 1


@pytest.mark.parametrize("kind", ["region", "country", "issue", "contributor", "series"])
def test_an_article_of_what_is_followed_is_told(at, kind):
    row = getattr(make, kind)()
    tags = {"series": row} if kind == "series" else {{"country": "countries"}.get(kind, f"{kind}s"): [row]}
    followed(cast.fay(at), kind, row.pk, at)
    published("The dam", at + HOUR, **tags)
    published("The river", at + HOUR)

    assert go_round(at + HOUR) == 1
    assert mails()[0].subject == f"{row}: The dam"


def test_an_article_about_two_countries_is_told_to_whoever_follows_their_relation(at):
    kenya, ethiopia = make.country("Kenya"), make.country("Ethiopia")
    followed(cast.fay(at), "relation", *sorted((kenya.pk, ethiopia.pk))[:1], at, other=max(kenya.pk, ethiopia.pk))
    published("The dam", at + HOUR, countries=[kenya, ethiopia])
    published("The river", at + HOUR, countries=[kenya])

    assert go_round(at + HOUR) == 1
    assert mails()[0].subject == "Ethiopia and Kenya: The dam"


def test_many_articles_come_in_one_mail_the_newest_first(at):
    saved(cast.sada(at), "dam", at)
    for n in range(22):
        published(f"Dam {n}", at + HOUR + n * timedelta(minutes=1))

    assert go_round(at + 2 * HOUR) == 1

    (mail,) = mails()
    assert mail.subject == "dam: 22 new articles"
    assert mail.text.index("Dam 21") < mail.text.index("Dam 20")
    assert "And 2 more: http://testserver/search/?q=dam" in mail.text
    assert Heard.objects.count() == 22


# When


def test_daily_and_weekly_ones_wait_for_their_hour(at):
    saved(cast.sada(at), "dam", at, often=Often.DAILY)
    saved(cast.gus(at), "dam", at, often=Often.WEEKLY)
    published("The dam", at + HOUR)

    posted = {day: go_round(at + day * DAY - HOUR) for day in (1, 2, 6, 7)}  # at seven in the morning
    assert posted == {1: 1, 2: 0, 6: 0, 7: 1}


def test_what_is_paused_is_not_told_later_either(at):
    sada = cast.sada(at)
    alert = saved(sada, "dam", at, often=Often.DAILY)
    published("The first dam", at + HOUR)
    go_round(at + HOUR)

    alerts.pause(sada, alert.pk, at=at + 2 * HOUR)
    published("The second dam", at + 3 * HOUR)
    go_round(at + 3 * HOUR)
    alerts.go_on(sada, alert.pk, at=at + 4 * HOUR)
    published("The third dam", at + 5 * HOUR)
    go_round(at + 5 * HOUR)

    assert go_round(at + DAY) == 1
    assert mails()[0].subject == "dam: The third dam"


def test_what_is_taken_back_meanwhile_is_not_told(at):
    saved(cast.sada(at), "dam", at, often=Often.DAILY)
    article = published("The dam", at + HOUR)
    go_round(at + HOUR)

    take_back(Article.objects.get(pk=article.pk), by=None, at=at + 2 * HOUR)
    press(article.pk, at=at + 2 * HOUR)

    assert go_round(at + DAY) == 0


def test_without_an_index_everything_waits_and_is_told_once_there_is_one(at):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)
    glean_new(at=at + HOUR)
    assert find_new(at=at + HOUR, index=Index(folder())) == 0

    assert go_round(at + 2 * HOUR) == 1


def test_marks_are_kept_longer_than_anything_is_news(at):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)
    go_round(at + HOUR)

    assert forget_heard(at=at + FRESH + DAY) == 0
    assert forget_heard(at=at + HOUR + HEARD_KEPT) == 1


# What may be read


def test_a_word_beyond_the_cut_alerts_whoever_may_read_it(at):
    sada, fay = cast.sada(at), cast.fay(at)
    for who in (sada, fay):
        saved(who, "quillwort", at)
    published("The dam", at + HOUR)

    go_round(at + HOUR)

    assert [mail.to for mail in mails()] == [sada.email]


def test_whoever_excludes_a_word_beyond_the_cut_that_they_may_not_read_is_told(at):
    sada, fay = cast.sada(at), cast.fay(at)
    for who in (sada, fay):
        saved(who, "dam -quillwort", at)
    published("The dam", at + HOUR)

    go_round(at + HOUR)

    assert [mail.to for mail in mails()] == [fay.email]


def test_a_country_that_only_the_text_beyond_the_cut_is_about_is_told_to_whoever_may_read_it(at):
    mali = make.country("Mali", code="ML")
    sada, fay = cast.sada(at), cast.fay(at)
    for who in (sada, fay):
        followed(who, "country", mali.pk, at)
    published("The dam", at + HOUR)

    go_round(at + HOUR)

    assert [mail.to for mail in mails()] == [sada.email]


def test_a_standing_that_shrank_counts_when_it_is_told(at):
    sada = cast.sada(at)
    saved(sada, "quillwort", at, often=Often.DAILY)
    saved(sada, "dam", at, often=Often.DAILY)
    published("The dam", at + HOUR)
    go_round(at + HOUR)
    assert Candidate.objects.count() == 2

    Term.objects.filter(reader=sada).update(ends_at=at + 2 * HOUR)

    assert go_round(at + DAY) == 1
    assert [mail.subject for mail in mails()] == ["dam: The dam"]


def test_whoever_is_shut_out_or_was_never_confirmed_is_told_nothing(at):
    sada, gus = cast.sada(at), cast.gus(at)
    for who in (sada, gus):
        saved(who, "dam", at)
    type(sada).objects.filter(pk=sada.pk).update(is_active=False)
    type(gus).objects.filter(pk=gus.pk).update(confirmed_at=None)
    published("The dam", at + HOUR)

    assert go_round(at + HOUR) == 0


# Once, whatever happens


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once(at):
    sada = cast.sada(at)
    saved(sada, "dam", at)
    saved(sada, "The", at)
    published("The dam", at + HOUR)
    glean_new(at=at)
    catch_up()

    def work(_):
        try:
            index = Index(folder())
            find_new(at=at + HOUR, index=index)
            return tell_due(at=at + HOUR, index=index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(mails()) == Heard.objects.count() == 1
    assert not Candidate.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_presses_the_button_often_at_once_has_one_alert(at):
    sada = cast.sada(at)

    def press_it(_):
        try:
            return saved(sada, "dam", at).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(press_it, range(4)))) == 1


@pytest.mark.postgres
def test_a_worker_that_is_killed_once_the_mail_is_written_tells_once(at):
    """The mail's row and the mark go together, or not at all."""
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)

    def killed(**_told):
        raise KeyboardInterrupt

    post_save.connect(killed, sender=Dispatch)
    try:
        with pytest.raises(KeyboardInterrupt):
            go_round(at + HOUR)
    finally:
        post_save.disconnect(killed, sender=Dispatch)
    assert not Heard.objects.exists()

    assert [go_round(at + HOUR) for _ in range(2)] == [1, 0]
    assert len(mails()) == 1


@pytest.mark.postgres
def test_a_round_that_is_done_again_from_the_first_number_tells_nothing_again(at):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)
    assert go_round(at + HOUR) == 1

    Reached.objects.update(change=0)

    assert go_round(at + HOUR) == 0


# Where the index is not as the database


def test_a_machine_whose_index_is_behind_lets_nothing_go_that_another_has_found(at, settings, tmp_path):
    saved(cast.sada(at), "dam", at)
    catch_up()
    behind = Index(shutil.copytree(folder(), tmp_path / "other"))
    published("The dam", at + HOUR)
    glean_new(at=at + HOUR)
    catch_up()
    find_new(at=at + HOUR, index=Index(folder()))

    assert [tell_due(at=at + HOUR, index=index) for index in (behind, Index(folder()))] == [0, 1]


def test_what_was_pressed_in_a_restored_database_is_told_though_the_index_is_beyond_it(at):
    saved(cast.sada(at), "dam", at)
    published("The river", at + HOUR)
    counter, lost = Counter.objects.get(name="pressings"), published("The lake", at + HOUR)
    catch_up()
    Pressing.objects.get(article_id=lost.pk).delete()
    counter.save()
    published("The dam", at + HOUR)
    glean_new(at=at + HOUR)

    assert find_new(at=at + HOUR, index=Index(folder())) == 0
    assert go_round(at + HOUR) == 1


def test_what_was_pressed_while_the_index_was_damaged_is_told_when_it_is_whole_again(at):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)
    glean_new(at=at + HOUR)
    catch_up()
    next(current(folder()).glob("*.pos")).unlink()

    assert find_new(at=at + HOUR, index=Index(folder())) == 0
    assert go_round(at + HOUR) == 1


def test_an_alert_that_cannot_be_told_holds_up_no_other(at):
    """What is followed is of a kind that nobody knows any more."""
    fay = cast.fay(at)
    unknown = Alert.objects.create(
        reader=fay,
        follow=Follow.objects.create(reader=fay, kind="planet", row=1, followed_at=at),
        often="at once",
        wanted_since=at,
    )
    kenya = make.country("Kenya")
    followed(cast.gus(at), "country", kenya.pk, at)
    saved(cast.sada(at), "dam", at)
    article = published("The dam", at + HOUR, countries=[kenya])
    glean_new(at=at + HOUR)
    catch_up()
    with pytest.raises(ExceptionGroup, match="passed over"):
        find_new(at=at + HOUR, index=Index(folder()))
    Candidate.objects.create(alert=unknown, article_id=article.pk, found_at=at + HOUR)

    with pytest.raises(ExceptionGroup, match="passed over"):
        tell_due(at=at + HOUR, index=Index(folder()))

    assert sorted(mail.subject for mail in mails()) == ["Kenya: The dam", "dam: The dam"]


class OutOfFiles(Index):
    """The system opens no more of them for whoever reads all."""

    def looking(self, sight):
        if sight == EVERYTHING:
            raise OSError(errno.EMFILE, "Too many open files")
        return super().looking(sight)


def test_what_could_not_be_read_just_then_is_looked_for_again(at):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)
    glean_new(at=at + HOUR)
    catch_up()
    with pytest.raises(ExceptionGroup, match="passed over"):
        find_new(at=at + HOUR, index=OutOfFiles(folder()))

    assert go_round(at + HOUR) == 1


def refusing(table):
    """A database that does not answer for this one."""

    def refuse(execute, sql, *asked):
        if table in sql:
            raise OperationalError("database is locked")
        return execute(sql, *asked)

    return connection.execute_wrapper(refuse)


def test_what_the_database_did_not_answer_just_then_is_looked_for_again(at):
    kenya = make.country("Kenya")
    followed(cast.fay(at), "country", kenya.pk, at)
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR, countries=[kenya])
    glean_new(at=at + HOUR)
    catch_up()

    with refusing("library_named"), pytest.raises(OperationalError):
        find_new(at=at + HOUR, index=Index(folder()))
    assert Candidate.objects.count() == 1

    assert go_round(at + HOUR) == 2


def test_what_was_found_is_told_though_not_all_could_be_looked_for(at):
    saved(cast.sada(at), "dam", at)
    published("The dam", at + HOUR)
    glean_new(at=at + HOUR)
    catch_up()

    with time_machine.travel(at + HOUR, tick=False), refusing("library_named"), pytest.raises(OperationalError):
        tell.call()

    assert len(mails()) == 1


def test_an_account_holds_so_many(at):
    sada = cast.sada(at)
    many = [Alert(reader=sada, text=f"dam {n}", often=Often.DAILY, wanted_since=at) for n in range(alerts.MOST_ALERTS)]
    Alert.objects.bulk_create(many)

    with pytest.raises(shelves.ShelfFull):
        saved(sada, "river", at)
    assert saved(sada, "dam 7", at).text == "dam 7"


def test_what_is_let_go_ends_its_alert(at):
    fay = cast.fay(at)
    alert = followed(fay, "country", make.country().pk, at)

    shelves.unfollow(fay, alert.follow_id)

    assert not Alert.objects.exists()

"""The index follows the press, survives what befalls it, and is written by one."""

import shutil
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from broadsheet.access.terms import Audience
from broadsheet.kit.models import Counter
from broadsheet.library import catching_up, queries
from broadsheet.library.catching_up import THE_PRESS, build_anew, catch_up, folder, printed
from broadsheet.library.keeping import SUSPECTED, BeingWritten, NotBuilt, Reader, current, is_suspected, keep_up, the_writer
from broadsheet.library.queries import Results
from broadsheet.library.sight import EVERYTHING, STRANGER
from broadsheet.library.tantivy_index import VERSION
from broadsheet.newsroom.actions import take_back
from broadsheet.press.actions import press
from broadsheet.press.models import Pressing
from tests import make

pytestmark = pytest.mark.django_db

LONG = "What stands here is free for everybody who comes by and reads. " * 20


@pytest.fixture(autouse=True)
def state(tmp_path):
    with override_settings(STATE=tmp_path):
        yield


@pytest.fixture
def article(at):
    make.site()
    made = make.article(headline="Coup in Mali", body=[LONG, "Zanzibar paid for all of it."], audience=Audience.METERED)
    press(made.pk, at=at)
    return made


def found(typed, sight, at):
    return queries.search(typed, at=at, sight=sight, reader=Reader(folder())).total


def test_what_was_pressed_is_found(article, at):
    catch_up()

    assert [found("zanzibar", sight, at) for sight in (STRANGER, EVERYTHING)] == [0, 1]
    assert found("coup", STRANGER, at) == 1


def test_catching_up_twice_changes_nothing(article, at):
    assert (catch_up(), catch_up()) == (1, 0)


def test_accents_that_were_pasted_apart_from_their_letters_are_found(at):
    make.site()
    press(make.article(headline="The re\u0301gime", body=["Ko\u0308nig has a cafe\u0301 in İzmir."], slug="regime").pk, at=at)
    catch_up()

    assert [found(typed, EVERYTHING, at) for typed in ("régime", "regime", "könig", "cafe", "re\u0301gi*", "izmir", "İzm*")] == [
        1
    ] * 7


def test_a_day_and_a_year_are_those_of_the_publication(at, settings):
    """Half past one at night in Nairobi, on the day before by UTC."""
    settings.TIME_ZONE = "Africa/Nairobi"
    make.site()
    press(make.article(headline="Elections in Chad", at=datetime(2015, 12, 31, 22, 30, tzinfo=UTC)).pk, at=at)
    catch_up()

    assert [found(typed, STRANGER, at) for typed in ("chad before:2016", "chad after:2016-01-01")] == [0, 1]
    assert [choice.value.slug for choice in queries.search("chad", at=at, reader=Reader(folder())).facets["year"]] == ["2016"]


# A database that was restored


def pressed_as(article, audience, at):
    type(article).objects.filter(pk=article.pk).update(audience=audience)
    press(article.pk, at=at)


@pytest.fixture
def lost(article, at):
    """The index has followed to number 2, where the article was open; the database is put back to number 1."""
    numbers, counter = Pressing.objects.get(), Counter.objects.get(name="pressings")
    catch_up()
    pressed_as(article, Audience.OPEN, at)
    catch_up()
    assert found("zanzibar", STRANGER, at) == 1
    numbers.save()
    counter.save()
    type(article).objects.filter(pk=article.pk).update(audience=Audience.METERED)
    return article


def test_what_the_index_has_seen_and_a_restored_database_has_not_is_gone(lost, at):
    catch_up()

    assert found("zanzibar", STRANGER, at) == 0


def test_a_restored_database_is_noticed_once_its_numbers_have_passed_the_cursor(lost, at):
    for name in ("Niger", "Chad", "Benin"):
        press(make.article(headline=f"Elections in {name}").pk, at=at)
    keep_up(folder(), press=THE_PRESS)

    assert [found("zanzibar", sight, at) for sight in (STRANGER, EVERYTHING)] == [0, 1]
    assert [found(word, STRANGER, at) for word in ("niger", "chad", "benin")] == [1, 1, 1]


def test_a_number_that_was_given_out_again_and_once_more_is_noticed_when_a_writer_begins(lost, at):
    """Nobody can tell by the mark alone: what had its number was printed again."""
    other = make.article(headline="Elections in Niger")
    for audience in (Audience.OPEN, Audience.MEMBERS):
        pressed_as(other, audience, at)
    keep_up(folder(), press=THE_PRESS)
    catch_up()

    assert found("zanzibar", STRANGER, at) == 0


def test_an_index_of_a_restored_database_has_what_was_withdrawn_in_the_time_that_is_lost(article, at):
    kept = [type(article).objects.get(pk=article.pk), Pressing.objects.get(), Counter.objects.get(name="pressings")]
    take_back(article, by=None, at=at)
    press(article.pk, at=at)
    catch_up()
    for row in kept:
        row.save()
    press(make.article(headline="Elections in Niger").pk, at=at)
    catch_up()

    assert found("coup", STRANGER, at) == 1


def test_of_an_index_that_is_as_the_press_has_it_nothing_is_written_again(article, at):
    catch_up()
    before = (current(folder()) / "meta.json").stat().st_mtime_ns

    assert catch_up() == 0
    assert (current(folder()) / "meta.json").stat().st_mtime_ns == before


def test_an_article_without_a_date_holds_up_no_other(article, at):
    undated = make.article(headline="Elections in Niger")
    press(undated.pk, at=at)
    type(article).objects.filter(pk=undated.pk).update(dated_at=None, first_published_at=None)
    catch_up()

    assert found("coup", STRANGER, at) == 1


# What befalls its files


def test_what_a_killed_build_left_is_dropped(article, at):
    (folder() / "v1-1").mkdir(parents=True)
    build_anew()

    assert len(list(folder().glob("v*-*"))) == 1


def test_what_was_withdrawn_is_gone(article, at):
    catch_up()
    take_back(article, by=None, at=at)
    press(article.pk, at=at)
    catch_up()

    assert found("coup", EVERYTHING, at) == 0


def test_a_reader_sees_what_the_writer_committed(article, at):
    reader = Reader(folder())
    with pytest.raises(NotBuilt):
        reader.looking(STRANGER)
    catch_up()

    assert reader.looking(STRANGER).size == 1


def test_before_there_is_an_index_a_search_says_so(at):
    results = queries.search("coup", at=at, reader=Reader(folder()))

    assert (results.built, results.total) == (False, 0)


def test_a_broken_index_is_built_anew(article, at, caplog):
    catch_up()
    (current(folder()) / "meta.json").write_text("{")

    assert catch_up() == 1
    assert found("coup", STRANGER, at) == 1
    assert "is built anew" in caplog.text


def part_of(index, suffix):
    (file,) = index.glob(f"*.{suffix}")
    return file


def test_a_lost_file_is_met_by_a_search_and_the_writer_is_told(article, at, caplog):
    catch_up()
    part_of(current(folder()), "pos").unlink()
    reader = Reader(folder())
    results = queries.search("coup", at=at, reader=reader)

    assert (results.built, results.remarks) == (False, ("The library is being put in order; try again in a minute.",))
    assert queries.suggest("coup", reader=reader) == []

    keep_up(folder(), press=THE_PRESS)

    assert queries.search("coup", at=at, reader=reader).total == 1
    assert "is broken and is built anew" in caplog.text


@pytest.mark.parametrize("part", ["term", "idx", "pos", "store", "fast", "fieldnorm"])
def test_a_byte_that_turned_is_found_when_a_writer_begins(article, at, caplog, part):
    catch_up()
    file = part_of(current(folder()), part)
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    catch_up()

    assert f"{file.name} is damaged or missing" in caplog.text
    assert found("coup", STRANGER, at) == 1


def test_what_was_suspected_for_nothing_serves_on(article, at):
    catch_up()
    before = current(folder())
    (before / SUSPECTED).touch()
    keep_up(folder(), press=THE_PRESS)

    assert (current(folder()), is_suspected(before)) == (before, False)


@pytest.mark.parametrize(("version", "built"), [(3, True), (2, False)])
def test_an_older_index_serves_until_the_new_one_is_built_if_it_can_be_read(article, at, version, built):
    catch_up()
    older = current(folder()).rename(folder() / f"v{version}-1")
    (folder() / "current").write_text(older.name)
    reader = Reader(folder())
    assert queries.search("coup", at=at, reader=reader).built is built

    catch_up()

    assert current(folder()).name.startswith(f"v{VERSION}-")
    assert queries.search("coup", at=at, reader=reader).total == 1


# Where nobody writes


def test_what_was_withdrawn_is_not_shown_though_nobody_writes_the_index(article, at):
    catch_up()
    reader = Reader(folder(), printed=printed)
    take_back(article, by=None, at=at)
    press(article.pk, at=at)

    assert queries.search("coup", at=at, sight=EVERYTHING, reader=reader).results == ()
    assert queries.suggest("coup", reader=reader) == []


def test_what_was_shut_shows_strangers_nothing_though_nobody_writes_the_index(article, at):
    pressed_as(article, Audience.OPEN, at)
    catch_up()
    reader = Reader(folder(), printed=printed)
    assert len(queries.search("zanzibar", at=at, reader=reader).results) == 1

    pressed_as(article, Audience.MEMBERS, at)

    assert [len(queries.search("zanzibar", at=at, sight=sight, reader=reader).results) for sight in (STRANGER, EVERYTHING)] == [
        0,
        1,
    ]


@pytest.mark.parametrize("typed", ["zanzibar", "zanzibr", '"zanzibar paid"', "zanzi*", "coup zanzibar", "zanzibar -niger"])
def test_a_word_that_is_behind_the_cut_by_now_tells_strangers_nothing_though_nobody_writes_the_index(at, typed):
    make.site()
    moved = make.article(headline="Coup in Mali", body=["Zanzibar paid for all of it.", LONG], audience=Audience.METERED)
    press(moved.pk, at=at)
    catch_up()
    reader = Reader(folder(), printed=printed)
    assert queries.search(typed, at=at, reader=reader).total == 1

    moved.body = [make.block(LONG), make.block("Zanzibar paid for all of it.")]
    moved.save()
    press(moved.pk, at=at)

    assert queries.search(typed, at=at, reader=reader) == Results()
    assert queries.search(typed, at=at, sight=EVERYTHING, reader=reader).total == 1
    (by_headline,) = queries.search("mali coup", at=at, reader=reader).results
    assert (by_headline.snippet, by_headline.full) == ((), False)


def test_a_missing_index_is_built_anew(article, at):
    catch_up()
    shutil.rmtree(current(folder()))
    catch_up()

    assert found("coup", STRANGER, at) == 1


def test_building_anew_serves_the_old_one_until_the_new_one_is_there(article, at):
    catch_up()
    before = current(folder())
    build_anew(told=lambda _: pytest.fail("changed too early") if current(folder()) != before else None)

    assert current(folder()) != before
    assert [path.name for path in folder().glob("v*-*")] == [current(folder()).name]


@pytest.mark.django_db(transaction=True)
def test_a_large_library_is_read_by_several_processes(at, monkeypatch):
    monkeypatch.setattr(catching_up, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(catching_up, "AT_ONCE", 2)
    monkeypatch.setattr(catching_up.os, "cpu_count", lambda: 2)
    make.site()
    articles = [make.article(headline=f"Coup {n}", body=[LONG], at=at) for n in range(9)]
    for article in (*articles, articles[0]):
        press(article.pk, at=at)
    take_back(articles[1], by=None, at=at)
    press(articles[1].pk, at=at)

    assert build_anew() == 9

    assert found("coup", EVERYTHING, at) == 8
    assert catch_up() == 0


def test_one_process_writes(article):
    with the_writer(folder()), pytest.raises(BeingWritten):
        catch_up()

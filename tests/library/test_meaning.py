"""Passages are found by what they mean, as far as whoever asks may read them; by words where the model is not as it should be."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from broadsheet.access.terms import Audience
from broadsheet.library import finder, keeping, minilm, queries
from broadsheet.library.catching_up import build_anew, catch_up, folder
from broadsheet.library.embedding import Embedding
from broadsheet.library.follower import embed_all
from broadsheet.library.keeping import Reader, current, load_model
from broadsheet.library.sight import EVERYTHING, STRANGER
from broadsheet.library.vectors import RECORD
from broadsheet.press.actions import press
from broadsheet.press.models import Pressing
from tests import make

pytestmark = pytest.mark.django_db

SICK = "Doctors in the ward say the fever spread from one patient to the next within days."
FREE = "What stands here is free for everybody who comes by and reads. " * 20
ASKED = "outbreak of a contagious disease"


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.STATE = tmp_path
    make.site()


@pytest.fixture
def article(at):
    """None of the words that are asked for stand in it."""
    made = make.article(headline="A week in Kailahun", body=[SICK], audience=Audience.OPEN)
    press(made.pk, at=at)
    press(make.article(headline="Prices of copper", body=["Traders in London sold the metal."]).pk, at=at)
    return made


def found(sight, at, reader=None):
    results = queries.search(ASKED, at=at, sight=sight, reader=reader or Reader(folder())).results
    return [one.card.headline for one in results]


def test_what_was_embedded_is_found_by_what_it_means(article, at):
    catch_up()
    assert found(STRANGER, at) == []

    embed_all()

    assert found(STRANGER, at)[0] == "A week in Kailahun"


@pytest.mark.parametrize("sort", queries.Sort)
def test_what_is_found_by_what_it_means_is_found_in_every_order(article, at, sort):
    embed_all()
    results = queries.search(ASKED, at=at, sight=STRANGER, sort=sort, reader=Reader(folder()))

    assert [one.card.headline for one in results.results] == ["A week in Kailahun"]
    assert (results.total, [choice.count for choice in results.facets["year"]]) == (1, [1])


def test_what_means_nothing_here_is_found_nowhere(article, at):
    embed_all()

    assert queries.search("zzqxv wkpq", at=at, sight=EVERYTHING, reader=Reader(folder())).total == 0


def test_what_is_near_may_be_among_what_words_found_already(article, at, monkeypatch):
    monkeypatch.setattr(finder, "LOOKED_AT", 1)
    monkeypatch.setattr(finder, "NEAREST", 1)
    press(make.article(headline="The ward", body=[f"{SICK} One of them held a copper."], at=at).pk, at=at)
    embed_all()

    results = queries.search("copper", at=at, sight=EVERYTHING, reader=Reader(folder()))

    assert results.total > 1
    assert results.results[0].card.headline == "Prices of copper"


def test_what_is_not_embedded_yet_goes_by_its_words(article, at):
    embed_all()
    press(make.article(headline="A quokka lends copper", body=["The quokka’s copper is lent in London."]).pk, at=at)
    catch_up()

    first, *_ = queries.search("quokka copper London", at=at, sight=STRANGER, reader=Reader(folder())).results

    assert first.card.headline == "A quokka lends copper"


def test_what_stands_beyond_the_wall_is_found_by_what_it_means_by_whoever_may_read_it(at):
    press(make.article(headline="A week in Kailahun", body=[FREE, SICK], audience=Audience.MEMBERS).pk, at=at)
    press(make.article(headline="Prices of copper", body=[SICK.replace("fever", "price")], audience=Audience.OPEN).pk, at=at)
    embed_all()

    assert [found(sight, at)[:1] for sight in (STRANGER, EVERYTHING)] == [[], ["A week in Kailahun"]]


def test_what_was_shut_is_found_by_no_stranger_though_it_is_not_embedded_anew_yet(article, at):
    embed_all()
    type(article).objects.filter(pk=article.pk).update(audience=Audience.MEMBERS)
    press(article.pk, at=at)
    catch_up()

    assert "A week in Kailahun" not in found(STRANGER, at)
    assert found(EVERYTHING, at)[0] == "A week in Kailahun"


def test_vectors_outlive_an_index_that_this_version_cannot_read(article, at):
    embed_all()
    older = current(folder()).rename(folder() / "v2-1")
    (folder() / "current").write_text(older.name)
    build_anew()

    assert found(STRANGER, at)[0] == "A week in Kailahun"


def test_what_a_writer_that_was_killed_left_half_written_is_cut_off(article, at):
    embed_all()
    file = current(folder()) / "vectors"
    with file.open("ab") as stream:
        stream.write(b"half a record")
    press(make.article(headline="A month in Kenema", body=[SICK], audience=Audience.OPEN).pk, at=at)
    embed_all()

    assert {"A week in Kailahun", "A month in Kenema"} <= set(found(STRANGER, at)[:2])
    assert file.stat().st_size % RECORD.itemsize == 0


def test_each_printing_is_embedded_once(article, at):
    embed_all()
    embedding = Embedding(current(folder()), load_model())
    newest = Pressing.objects.order_by("-change").values_list("change", flat=True)[0]

    assert embedding.go_on(newest=newest, most=9) == 0


# Where the model is not as it should be


@pytest.fixture
def another_model(monkeypatch):
    monkeypatch.setattr(minilm, "SHA256", "0" * 64)
    load_model.cache_clear()
    yield
    load_model.cache_clear()


def test_with_another_model_than_was_measured_all_is_found_by_words(article, at, another_model, caplog, tmp_path):
    catch_up()
    shutil.copyfile(__file__, current(folder()) / "vectors")

    assert queries.search("Kailahun", at=at, reader=Reader(folder())).total == 1
    assert "is searched by words alone: model.onnx is not the file" in caplog.text


def test_the_command_says_what_is_wrong_with_the_model(another_model):
    with pytest.raises(CommandError, match="is not the file that this version was measured with"):
        call_command("index_library", "--meaning")


def test_the_command_says_that_the_extra_is_not_installed(monkeypatch):
    monkeypatch.setattr(keeping, "NEEDED_FOR_MEANING", ("nothing_of_this_name",))
    load_model.cache_clear()

    with pytest.raises(CommandError, match=r"not installed. Install `broadsheet\[meaning\]`"):
        call_command("index_library", "--meaning")

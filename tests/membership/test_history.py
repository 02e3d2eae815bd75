"""What readings say of their reader: forgotten at a word, and not written down against a reader's will."""

import pytest

from broadsheet.gate.spool import Spool
from broadsheet.membership.actions import open_story
from broadsheet.membership.actions.history import forget_readings, resume_history, stop_history, unname_readings
from broadsheet.membership.actions.readings import fold_readings
from broadsheet.membership.models import Reading
from broadsheet.membership.queries import holding_of
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def fay(at):
    return cast.fay(at)


def read(reader, story, at, institution=None):
    return Reading.objects.create(
        key=f"{reader.pk}:{story}:{Reading.objects.count()}",
        story=story,
        reader_id=reader.pk,
        institution_id=institution,
        reason="on-meter",
        read_at=at,
    )


def folded(folder, at, *readings):
    spool = Spool(folder)
    for story, reader, institution in readings:
        spool.add(story, reader, institution, "on-meter", at.timestamp())
    spool.close()
    fold_readings(folder)


def named(reader):
    return sorted(Reading.objects.filter(reader_id=reader.pk).values_list("story", flat=True))


def test_one_story_is_forgotten_and_stays_counted(fay, at):
    for story in ("a1", "a1", "a2"):
        read(fay, story, at)

    assert forget_readings(fay, story="a1") == 2
    assert named(fay) == ["a2"]
    assert Reading.objects.count() == 3


def test_nobody_forgets_for_another(fay, at):
    rex = cast.rex(at)
    read(rex, "a1", at)

    forget_readings(fay)

    assert named(rex) == ["a1"]


def test_switched_off_the_past_goes_too(fay, at):
    read(fay, "a1", at)

    stop_history(fay, at=at)

    assert named(fay) == []
    fay.refresh_from_db()
    assert fay.no_history_since == at


def test_what_is_read_then_bears_no_name_and_counts_for_the_institution(fay, at, tmp_path):
    rex = cast.rex(at)
    stop_history(fay, at=at)

    folded(tmp_path, at, ("a1", fay.pk, 3), ("a2", rex.pk, None))

    assert named(fay) == []
    assert named(rex) == ["a2"]
    assert Reading.objects.get(story="a1").institution_id == 3


def test_the_meter_goes_on_counting(fay, at):
    stop_history(fay, at=at)
    open_story(reader=fay, story="a1", at=at)

    assert holding_of(fay, at=at, generation=0).meter.left == 2


def test_what_was_folded_in_meanwhile_is_swept(fay, at):
    stop_history(fay, at=at)
    read(fay, "a1", at)

    assert unname_readings() == 1
    assert named(fay) == []


def test_switched_on_again_it_begins_anew(fay, at, tmp_path):
    read(fay, "a1", at)
    stop_history(fay, at=at)
    resume_history(fay)

    folded(tmp_path, at, ("a2", fay.pk, None))

    assert named(fay) == ["a2"]

"""What a new publication finds: newsletters that go out by themselves, and one that waits for the desk."""

import pytest

from broadsheet.newsletters.layout import lay_out_newsletters
from broadsheet.newsletters.models import Newsletter

pytestmark = pytest.mark.django_db


def test_a_note_on_what_breaks_waits_for_somebody_to_let_it_go():
    lay_out_newsletters()

    assert dict(Newsletter.objects.values_list("slug", "unseen")) == {"daily": True, "weekly": True, "breaking": False}


def test_what_is_there_already_stays_as_it_is():
    Newsletter.objects.create(name="Mine", slug="mine", promise="Mine.", rhythm="weekly", goes_at="08:00")
    lay_out_newsletters()

    assert list(Newsletter.objects.values_list("slug", flat=True)) == ["mine"]

"""What the operator's sweep does at once."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from wagtail.models import Revision

from broadsheet.config.ticks import run_what_is_due
from tests import make
from tests.press.proofs import slip_of

pytestmark = pytest.mark.django_db


def test_a_sweep_prints_what_is_due_before_it_says_what_cannot_be_published(at):
    broken, sound = make.article(live=False), make.article(live=False)
    for article in (broken, sound):
        article.go_live_at = at + timedelta(hours=1)
        with time_machine.travel(at, tick=False):
            article.save_revision().publish()
    Revision.objects.filter(object_id=str(broken.pk)).update(content={"pk": broken.pk})

    with pytest.raises(ValidationError):
        run_what_is_due(at=at + timedelta(hours=2))

    assert slip_of(sound).full_cut

"""A link that is to stand nowhere here leaves every edition, however its address was written."""

import pytest

from broadsheet.newsletters.actions.taking_down import take_down
from broadsheet.newsletters.models import Item
from broadsheet.wire.models import Refusal
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db
OTHER = made.LINK


def refusal(key, at):
    return Refusal.objects.create(key=key, at=at).pk


def link(host):
    return {"url": f"https://{host}/old", "headline": "Old", "outlet": "Münchner"}


@pytest.mark.parametrize("host", ["münchner.example", "MÜNCHNER.example", "xn--mnchner-n2a.example", "www.münchner.example"])
def test_a_host_in_other_letters_is_found_however_it_was_written(daily, at, host):
    sent = made.edition(daily, links=[link(host), OTHER])

    assert take_down(refusal("xn--mnchner-n2a.example", at)) == {daily.pk}
    assert list(sent.items.filter(dropped=False).values_list("url", flat=True)) == [OTHER["url"]]


def test_another_host_in_other_letters_stays(daily, at):
    sent = made.edition(daily, links=[link("zürcher.example"), link("altmünchner.example")])

    assert take_down(refusal("xn--mnchner-n2a.example", at)) == set()
    assert sent.items.filter(dropped=False).count() == 2


def test_nothing_is_shown_anew_of_what_an_editor_had_dropped(daily, at):
    made.edition(daily, links=[link("gazette.example") | {"dropped": True}, OTHER])

    assert take_down(refusal("gazette.example", at)) == set()


def test_done_again_it_shows_nothing_anew(daily, at):
    made.edition(daily, links=[link("gazette.example"), OTHER])
    refused = refusal("gazette.example", at)

    assert [take_down(refused), take_down(refused)] == [{daily.pk}, set()]


def test_an_edition_to_come_loses_it_and_no_page_shows_anything_else(daily, at):
    made.edition(daily, links=[link("münchner.example"), OTHER], begun=False)

    assert take_down(refusal("xn--mnchner-n2a.example", at)) == set()
    assert list(Item.objects.values_list("url", flat=True)) == [OTHER["url"]]

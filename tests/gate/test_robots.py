import pytest

from broadsheet.access.terms import Audience
from broadsheet.gate.settings import ranges_from
from tests.gate.pressroom import a_pass, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

PATH = "/briefings/a-river/"
GOOGLEBOT = {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
RANGES = ranges_from(("66.249.64.0/27",), "BROADSHEET_CRAWLERS")


def test_a_crawler_is_a_stranger_unless_the_publisher_says_otherwise(open_house):
    press(PATH, Audience.METERED)

    assert open_house().browser.get(PATH, REMOTE_ADDR="66.249.64.7", **GOOGLEBOT).text == "preview, register"


@pytest.mark.parametrize("address", ["198.51.100.9", "66.249.64.32", "", "::66.249.64.7"])
def test_a_crawler_s_name_from_elsewhere_opens_nothing(open_house, address):
    press(PATH, Audience.METERED)
    house = open_house(crawlers=RANGES)

    response = house.browser.get(PATH, REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="66.249.64.7", **GOOGLEBOT)

    assert response.text == "preview, register"


def test_a_proven_crawler_indexes_the_full_cut_and_keeps_no_copy_to_show(open_house):
    press(PATH, Audience.METERED)
    house = open_house(crawlers=RANGES)

    response = house.browser.get(PATH, REMOTE_ADDR="66.249.64.7")

    assert response.text == "full"
    assert (response["X-Robots-Tag"], response["Cache-Control"]) == ("noarchive", "private, no-cache")
    assert house.readings() == []


def test_a_reader_behind_a_crawler_s_address_is_still_a_reader(open_house):
    press(PATH, Audience.METERED)
    house = open_house(crawlers=RANGES)
    house.membership.sessions["rex"] = a_pass()

    house.browser.get(PATH, REMOTE_ADDR="66.249.64.7", cookies={"session": "rex"})

    assert house.membership.sessions["rex"].left == 2

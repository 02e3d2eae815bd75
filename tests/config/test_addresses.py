"""Addresses that Django answers itself."""

from io import BytesIO

import pytest
from PIL import Image
from wagtail.contrib.redirects.models import Redirect

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/admin", "/account", "/join", "/latest"])
def test_a_path_without_its_slash_is_sent_on(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (301, f"{path}/")


def test_an_unknown_page_is_not_found_and_says_of_which_publication(client, settings):
    answer = client.get("/nonesuch/")

    assert answer.status_code == 404
    assert f"<title>Not found | {settings.PUBLICATION_NAME}</title>" in answer.content.decode()


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png"])
def test_the_icon_that_browsers_ask_for_is_there(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert Image.open(BytesIO(answer.content)).size == (180, 180)


def test_an_old_address_leads_to_the_new_one(client):
    Redirect.objects.create(old_path="/2009/05/old-story.html", redirect_link="/briefings/new-story/", is_permanent=True)

    answer = client.get("/2009/05/old-story.html")
    assert (answer.status_code, answer["Location"]) == (301, "/briefings/new-story/")


def test_readers_pages_say_what_they_may_load_and_the_desk_is_left_alone(client):
    assert "script-src 'self' 'sha256-" in client.get("/join/")["Content-Security-Policy"]
    assert "Content-Security-Policy" not in client.get("/admin/")

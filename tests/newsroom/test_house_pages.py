"""Terms, privacy, imprint and contact: written on the desk, printed as every page is."""

import pytest

from broadsheet.newsroom.models import HousePage
from broadsheet.press import actions

pytestmark = pytest.mark.django_db


def write(kind, body):
    page, _ = HousePage.objects.get_or_create(kind=kind)
    page.body = body
    page.save()


def test_an_unwritten_page_says_so_and_is_not_indexed(client):
    page = client.get("/imprint/").content.decode()

    assert "has not written this page yet" in page
    assert 'content="noindex"' in page


def test_what_the_desk_wrote_stands_there(client):
    write("terms", "<h2>Who sells</h2><p>Alice &amp; Co. <script>ask()</script></p>")

    page = client.get("/terms/").content.decode()

    assert "<h2>Who sells</h2><p>Alice &amp; Co. </p>" in page
    assert "noindex" not in page


@pytest.mark.django_db(transaction=True)
def test_what_is_changed_is_printed_again(client, at):
    write("contact", "<p>By post.</p>")
    client.get("/contact/")

    write("contact", "<p>By pigeon.</p>")
    actions.print_due(at=at)

    assert "By pigeon." in client.get("/contact/").content.decode()


def test_every_page_leads_to_them(client):
    page = client.get("/subscribe/").content.decode()

    assert all(f'<a href="/{kind}/">' in page for kind in HousePage.Kind.values)

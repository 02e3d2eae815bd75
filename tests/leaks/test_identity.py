"""LEAKS 22, 24, 31: who somebody is, links and paths; and networks, which only a trusted proxy can speak for."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from broadsheet.config.demo.members import CAMPUS_ADDRESS
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Knock
from tests.leaks.door import Answer, Browser, House
from tests.leaks.people import OUTSIDE, STAFF
from tests.leaks.reading import leaks, words_in
from tests.leaks.world import AT

LINK = re.compile(r"http://testserver(/join/link/\S+/)")


def link_in_the_mail() -> str:
    found = LINK.search(Dispatch.objects.latest("pk").text)
    assert found
    return found[1]


def without_cookies(answer: Answer) -> tuple[int, list[tuple[str, str]], str]:
    return answer.status, sorted(line for line in answer.headers if line[0] != "Set-Cookie"), answer.text


# 22: mail codes and links


def test_22_a_known_and_an_unknown_address_are_answered_alike(house, world):
    path = world.piece("note", "metered").path
    answers, mails = [], []
    for address in ("sada@example.org", "nada@example.org"):
        browser = Browser(house.gate)
        posted = browser.post("/join/", {"email": address, "next": path})
        shown = [browser.get("/join/code/"), browser.post("/join/code/", {"code": "WRONG", "next": path}), browser.get(path)]
        answers.append([without_cookies(answer) for answer in (posted, *shown)])
        mails.append(re.sub(r"[B-Z]{3}-[B-Z]{3}|/join/link/\S+", "…", Dispatch.objects.latest("pk").text))

    assert str(answers[0]).replace("sada@", "nada@") == str(answers[1])
    assert mails[0].replace("sada@", "nada@") == mails[1]


def test_22_no_get_uses_up_a_link(house, vera, world):
    vera.post("/join/", {"email": "ada@example.org", "next": "/latest/"})
    link = link_in_the_mail()
    scanner = Browser(house.gate, address="192.0.2.1")
    for _ in range(3):
        assert scanner.get(link).status == 200
        assert scanner.head(link).status == 200
    assert "session" not in scanner.cookies

    assert vera.post(link, {}).status == 303
    assert "session" in vera.cookies
    assert Browser(house.gate).post(link, {}).status == 422  # once


def test_22_a_link_lives_a_quarter_of_an_hour(vera, frozen, world):
    vera.post("/join/", {"email": "ada@example.org", "next": "/latest/"})
    frozen.move_to(AT + timedelta(minutes=15))

    assert vera.post(link_in_the_mail(), {}).status == 422
    assert "session" not in vera.cookies


def test_22_a_link_is_taken_only_from_our_own_page(vera, world):
    vera.post("/join/", {"email": "ada@example.org", "next": "/latest/"})

    assert vera.post(link_in_the_mail(), {}, HTTP_ORIGIN="https://evil.example", HTTP_SEC_FETCH_SITE="cross-site").status == 403
    assert Knock.objects.latest("pk").answered_at is None


# 24: paths, redirects, the desk


def variants(path: str) -> list[str]:
    head, slug = path.strip("/").rsplit("/", 1)
    return [
        f"/{path}",
        f"//{head}//{slug}//",
        f"/./{head}/{slug}/",
        f"/{head}/%2e/{slug}/",
        f"/{head}/%2e%2e/{head}/{slug}/",
        f"/x/..{path}",
        f"/{head}/{slug}",
        path.upper(),
        f"/{head.capitalize()}/{slug}/",
        f"{path}?utm_source=x&preview=true&full=1&format=json&_escaped_fragment_=",
        f"{path}index.html",
        f"{path}amp/",
        f"{path}print/",
        f"{path};jsessionid=1",
        f"{path}%00",
        f"{path}%0d%0aX-Broken:%201",
        f"/{head}%2f{slug}/",
        f"/{head}\\{slug}\\",
        f"/{head}/{slug}/%ff%fe/",
        f"/{head}/{slug}/%e2%80%8b/",
    ]


@pytest.mark.parametrize("who", [*OUTSIDE, *STAFF])
def test_24_however_a_path_is_written_nobody_has_other_rights(who, cast, house, world):
    browser = cast.at_the_door(who, house)
    pieces = [
        world.piece("briefing", "members"),
        world.piece("interview", "registered"),
        world.hidden["withdrawn"],
        world.hidden["scheduled"],
    ]
    for piece in pieces:
        for path in variants(piece.path):
            answer = browser.get(path)

            assert answer.status in (200, 301, 302, 303, 400, 404, 410), path
            assert "X-Broken" not in answer
            assert leaks(world, who, answer) == []


def test_24_a_path_written_otherwise_leads_to_the_one_address(vera, world):
    path = world.piece("briefing", "members").path
    for written in variants(path)[:9]:
        answer = vera.get(written)
        assert (answer.status, answer["Location"]) == (301, path), written


@pytest.mark.parametrize(
    "path",
    ["//admin/", "/admin//", "/Admin/", "/ADMIN/pages/", "/./admin/", "/admin/%2e/", "/x/../admin/", "/admin", "/admin/login"],
)
@pytest.mark.parametrize("who", ["vera", "sada"])
def test_24_the_desk_is_shut_however_its_path_is_written(path, who, cast, house):
    assert cast.at_the_door(who, house).get(path).status in (301, 302, 303, 404)


ELSEWHERE = [
    "//evil.example/",
    "///evil.example/",
    "https://evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/x\r\nSet-Cookie: session=1",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
]


def leads_away(answer: Answer) -> bool:
    location = answer["Location"]
    host = urlsplit(location.replace("\\", "/")).netloc
    return bool(location) and (host not in ("", "testserver") or location.startswith(("//", "/\\", "javascript:")))


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_24_nobody_is_sent_to_another_site(elsewhere, cast, house, vera, world):
    sada = cast.at_the_door("sada", house)
    for door in ("/join/", "/join/code/", "/leave/", "/accounts/login/", "/accounts/logout/", "/admin/login/", "/subscribe/"):
        for browser in (vera, sada):
            assert not leads_away(browser.get(f"{door}?next={elsewhere.replace(chr(13), '%0d').replace(chr(10), '%0a')}"))
        assert not leads_away(vera.post(door, {"email": "ada@example.org", "next": elsewhere}))


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/",
        "///evil.example/%2e%2e",
        "//evil.example/latest/",
        "/%5cevil.example/",
        "/.//evil.example",
    ],
)
def test_24_a_crooked_path_leads_nowhere_else(path, vera, world):
    answer = vera.get(path)

    assert answer.status in (301, 404)
    assert not leads_away(answer)


# 31: where somebody comes from

CLAIMS = {
    "HTTP_X_FORWARDED_FOR": CAMPUS_ADDRESS,
    "HTTP_FORWARDED": f"for={CAMPUS_ADDRESS}",
    "HTTP_X_REAL_IP": CAMPUS_ADDRESS,
    "HTTP_CLIENT_IP": CAMPUS_ADDRESS,
    "HTTP_X_CLIENT_IP": CAMPUS_ADDRESS,
    "HTTP_TRUE_CLIENT_IP": CAMPUS_ADDRESS,
    "HTTP_CF_CONNECTING_IP": CAMPUS_ADDRESS,
    "HTTP_X_CLUSTER_CLIENT_IP": CAMPUS_ADDRESS,
    "HTTP_X_ORIGINAL_FORWARDED_FOR": CAMPUS_ADDRESS,
}


@pytest.mark.parametrize("header", CLAIMS)
def test_31_nobody_claims_a_network_by_a_header(header, vera, world):
    piece = world.piece("note", "members")

    assert not words_in(world, vera.get(piece.path, **{header: CLAIMS[header]})) & world.vocabulary.of(piece.name)


@pytest.mark.parametrize(
    ("written", "opens"),
    [
        (CAMPUS_ADDRESS, True),
        (f"198.51.100.1, {CAMPUS_ADDRESS}", True),
        (f"{CAMPUS_ADDRESS}, 198.51.100.1", False),
        (f"{CAMPUS_ADDRESS}, unknown", False),
        (f"{CAMPUS_ADDRESS}:443", False),
        (f"{CAMPUS_ADDRESS}, 10.0.0.9", True),
        ("", False),
    ],
)
def test_31_a_trusted_proxy_speaks_for_whoever_came_to_it(written, opens, world, settings, tmp_path):
    settings.TRUSTED_PROXIES = ("10.0.0.0/8",)
    house, piece = House(tmp_path / "behind"), world.piece("note", "members")
    proxy, stranger = Browser(house.gate, address="10.0.0.1"), Browser(house.gate)

    told = words_in(world, proxy.get(piece.path, HTTP_X_FORWARDED_FOR=written))
    assert bool(told & world.vocabulary.of(piece.name)) is opens
    assert not words_in(world, stranger.get(piece.path, HTTP_X_FORWARDED_FOR=written)) & world.vocabulary.of(piece.name)

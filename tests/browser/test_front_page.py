from playwright.sync_api import Page, expect


def test_a_visitor_finds_an_article_from_the_front_page(desktop: Page):
    desktop.goto("/")
    first = desktop.locator("main h2 a, main h3 a").first
    headline = first.inner_text()
    first.click()

    expect(desktop.locator("h1")).to_have_text(headline)


def test_the_front_page_fits_a_phone(phone: Page):
    phone.goto("/")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_reading_the_front_page_leaves_no_cookie(desktop: Page):
    desktop.goto("/")

    assert desktop.context.cookies() == []

"""When an article is about somebody, and when there is enough for a page. Pure."""

IN_HEADLINE, IN_STANDFIRST, IN_TEXT = 4, 2, 1
ABOUT = 3  # weight from which on an article is about whom it names ...
A_THOUSAND_WORDS = 1  # ... and for each thousand of its words
ENOUGH = 3  # articles about both, from which on two countries have a page


def weight_at(start: int, *, in_headline: int, in_standfirst: int) -> int:
    """What a mention counts, by where it stands."""
    if start < in_headline:
        return IN_HEADLINE
    return IN_STANDFIRST if start < in_standfirst else IN_TEXT


def is_about(weight: int, *, words: int) -> bool:
    return weight >= ABOUT and weight * 1000 >= A_THOUSAND_WORDS * words


def is_worth_keeping(weight: int, *, free_weight: int) -> bool:
    """Whoever is named once in passing is not remembered."""
    return weight >= 2 or free_weight >= 1


def is_country(actor: str) -> bool:
    return actor.startswith("country:")


def country(code: str) -> str:
    return f"country:{code}"


def issue(slug: str) -> str:
    return f"issue:{slug}"


def key_of(actor: str) -> str:
    """What a page about one actor shows: it is printed again when an article about him joins."""
    return f"about:{actor}"


def key_of_both(one: str, other: str) -> str:
    first, second = sorted((one, other))
    return f"between:{first}:{second}"

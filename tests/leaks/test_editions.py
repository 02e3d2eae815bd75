"""LEAKS 10: an edition in its free cut, as mail and as plain text, has free words alone, whatever leads it."""

from broadsheet.access.terms import Cut
from broadsheet.newsletters.composing import compose
from broadsheet.newsletters.house_style import typesetter
from broadsheet.newsletters.models import Edition
from tests.leaks.world import AT, World


def typeset(world: World, cut: Cut) -> dict[str, str]:
    """By the article that leads it, or by its own name where none of them does, all that leaves the house."""
    set_in = typesetter(at=AT)
    names = {piece.id: piece.name for piece in world.each()}
    found = {}
    for edition in Edition.objects.select_related("newsletter"):
        printed = set_in(compose(edition, at=AT), cut)
        lead = edition.items.filter(slot="top").first()
        found[names.get(lead.article_id if lead else 0, str(edition))] = "\n".join(
            (printed.subject, printed.preheader, printed.html, printed.text, *printed.flags)
        )
    return found


def test_10_the_free_cut_has_no_word_from_beyond_the_cut_of_any_article(world):
    free = typeset(world, Cut.PREVIEW)

    leaked = {
        name: [str(word) for word in world.vocabulary.found_in(text) if not word.free and word.audience != "open"]
        for name, text in free.items()
    }
    assert {name: words for name, words in leaked.items() if words} == {}
    assert set(world.pieces) <= set(free)


def test_10_what_is_hidden_is_in_no_cut_and_no_picture_beyond_the_cut_in_any_mail(world):
    found = set().union(*(world.vocabulary.found_in(text) for text in typeset(world, Cut.FULL).values()))

    assert [str(word) for word in found if word.audience == "hidden"] == []
    assert [str(word) for word in found if word.place == "image file" and word.audience != "open"] == []
    assert any(not word.free for word in found)


def test_10_a_subscriber_s_cut_has_what_is_said_of_links_and_the_free_one_has_the_links(world):
    """In the same edition, out of one roundup for subscribers."""
    (whole,) = [text for text in typeset(world, Cut.FULL).values() if "note of a pick" in places(world, text)]
    free = [text for text in typeset(world, Cut.PREVIEW).values() if "headline of a pick" in places(world, text)]

    assert "headline of a pick" in places(world, whole)
    assert len(free) == 1


def places(world: World, text: str) -> set[str]:
    return {word.place for word in world.vocabulary.found_in(text) if word.article == "picked roundup"}

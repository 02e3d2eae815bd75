"""A brief as Markdown: nothing that it quotes is taken for a mark, and what is none stays as it is written."""

import pytest

from broadsheet.research.brief_files import escaped


@pytest.mark.parametrize(
    "said",
    [
        "“Non-proliferation (of 2024) cost $1.5 million, and then US $2, in the G7’s words: 40%!”",
        "Ministers met, re-opened the talks - again - and left. At 10.30 nobody spoke; a@example.org & co.",
        "U.S. and U.K. ships sail.",
    ],
)
def test_what_markdown_reads_as_no_mark_stays_as_it_is(said):
    assert escaped(said) == said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`"),
        ("[a](http://b) ![c](d) [^1]", r"\[a\](http://b) !\[c\](d) \[\^1\]"),
        ("a <b> &amp; &#60; c & d", r"a \<b> \&amp; \&#60; c & d"),
        ("in US$ and A$ alike", r"in US\$ and A\$ alike"),
        ("by @kowalska, ~~not~~ {#so}", r"by \@kowalska, \~\~not\~\~ \{#so\}"),
        ("1. First 2. then", r"1\. First 2. then"),
        ("(a) First", r"(a\) First"),
        ("- First - then", r"\- First - then"),
        ("# First # then #", r"\# First \# then \#"),
        ("> First", r"\> First"),
        ("two\n\n# lines", r"two \# lines"),
        ("a \\ b", r"a \\ b"),
    ],
)
def test_what_markdown_reads_as_a_mark_is_escaped(said, written):
    assert escaped(said) == written

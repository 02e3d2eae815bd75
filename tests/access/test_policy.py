"""The rule as a table: every audience, met by every standing that the cast can have."""

import pytest

from broadsheet.access.policy import decide
from broadsheet.access.terms import ANONYMOUS, NO_METER, WALLS, Audience, Cut, Meter, Reason, Standing

STORY = "5707e8f1a2b3"
OPEN, REGISTERED, METERED, MEMBERS = Audience
FULL, PREVIEW = Cut

VERA = (ANONYMOUS, NO_METER)
UNA = (Standing(unconfirmed=True, first_story=STORY), NO_METER)
UNA_ELSEWHERE = (Standing(unconfirmed=True, first_story="another"), NO_METER)
RETURNING = (Standing(had_first=True), NO_METER)
FAY = (Standing(registered=True), Meter(left=3))
REX = (Standing(registered=True), Meter(left=0, opened=frozenset({"one", "two", "three"})))
REX_AGAIN = (Standing(registered=True), Meter(left=0, opened=frozenset({"one", "two", STORY})))
SADA = (Standing(registered=True, entitled=True), NO_METER)
PASHA = (Standing(registered=True, entitled=True, payment_failed=True), NO_METER)  # in grace
LAPSED_BY_CARD = (Standing(registered=True, payment_failed=True), Meter(left=0))
LENA = (Standing(registered=True), Meter(left=0))
INES = (Standing(entitled=True), NO_METER)


@pytest.mark.parametrize(
    ("audience", "who", "cut", "reason"),
    [
        (OPEN, VERA, FULL, Reason.OPEN),
        (OPEN, UNA, FULL, Reason.OPEN),
        (OPEN, FAY, FULL, Reason.OPEN),
        (OPEN, REX, FULL, Reason.OPEN),
        (OPEN, SADA, FULL, Reason.OPEN),
        (OPEN, INES, FULL, Reason.OPEN),
        (REGISTERED, VERA, PREVIEW, Reason.REGISTER),
        (REGISTERED, UNA, PREVIEW, Reason.CONFIRM),
        (REGISTERED, RETURNING, PREVIEW, Reason.RETURN),
        (REGISTERED, FAY, FULL, Reason.KNOWN),
        (REGISTERED, REX, FULL, Reason.KNOWN),
        (REGISTERED, SADA, FULL, Reason.ENTITLED),
        (REGISTERED, LAPSED_BY_CARD, FULL, Reason.KNOWN),
        (REGISTERED, LENA, FULL, Reason.KNOWN),
        (REGISTERED, INES, FULL, Reason.ENTITLED),
        (METERED, VERA, PREVIEW, Reason.REGISTER),
        (METERED, UNA, FULL, Reason.FIRST),
        (METERED, UNA_ELSEWHERE, PREVIEW, Reason.CONFIRM),
        (METERED, RETURNING, PREVIEW, Reason.RETURN),
        (METERED, FAY, FULL, Reason.ON_METER),
        (METERED, REX, PREVIEW, Reason.SPENT),
        (METERED, REX_AGAIN, FULL, Reason.ON_METER),
        (METERED, SADA, FULL, Reason.ENTITLED),
        (METERED, PASHA, FULL, Reason.ENTITLED),
        (METERED, LAPSED_BY_CARD, PREVIEW, Reason.PAYMENT_FAILED),
        (METERED, LENA, PREVIEW, Reason.SPENT),
        (METERED, INES, FULL, Reason.ENTITLED),
        (MEMBERS, VERA, PREVIEW, Reason.SUBSCRIBE),
        (MEMBERS, UNA, PREVIEW, Reason.SUBSCRIBE),
        (MEMBERS, RETURNING, PREVIEW, Reason.SUBSCRIBE),
        (MEMBERS, FAY, PREVIEW, Reason.SUBSCRIBE),
        (MEMBERS, REX_AGAIN, PREVIEW, Reason.SUBSCRIBE),
        (MEMBERS, SADA, FULL, Reason.ENTITLED),
        (MEMBERS, PASHA, FULL, Reason.ENTITLED),
        (MEMBERS, LAPSED_BY_CARD, PREVIEW, Reason.PAYMENT_FAILED),
        (MEMBERS, LENA, PREVIEW, Reason.SUBSCRIBE),
        (MEMBERS, INES, FULL, Reason.ENTITLED),
    ],
)
def test_each_of_the_cast_meets_the_cut_and_the_reason_of_the_table(audience, who, cut, reason):
    standing, meter = who

    decision = decide(story=STORY, audience=audience, standing=standing, meter=meter)

    assert (decision.cut, decision.reason) == (cut, reason)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("who", [VERA, UNA, FAY, REX, REX_AGAIN, SADA, PASHA, LAPSED_BY_CARD, LENA, INES])
def test_only_a_metered_story_not_yet_opened_spends(audience, who):
    standing, meter = who

    decision = decide(story=STORY, audience=audience, standing=standing, meter=meter)

    assert decision.spends == (audience is METERED and who is FAY)
    assert (decision.cut is PREVIEW) == (decision.reason in WALLS)


@pytest.mark.parametrize("audience", [REGISTERED, METERED, MEMBERS])
def test_a_page_without_a_story_is_nobody_s_first(audience):
    decision = decide(story="", audience=audience, standing=ANONYMOUS, meter=NO_METER)

    assert decision.cut is PREVIEW


@pytest.mark.parametrize("audience", [REGISTERED, METERED, MEMBERS])
def test_what_was_given_opens_and_spends_nothing(audience):
    given = Standing(given=frozenset({STORY}))

    assert decide(story=STORY, audience=audience, standing=given, meter=Meter(left=3)).reason is Reason.GIFT
    assert not decide(story=STORY, audience=audience, standing=given, meter=Meter(left=3)).spends
    assert decide(story="another", audience=MEMBERS, standing=given, meter=NO_METER).cut is PREVIEW

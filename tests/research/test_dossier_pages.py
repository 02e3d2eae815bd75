"""A dossier of the editors' on the site: two cuts, printed again when it changes, and linked from what it is on."""

import pytest

from broadsheet.access.terms import Audience, Reason
from broadsheet.library.sight import EVERYTHING, STRANGER
from broadsheet.newsroom.models import Article
from broadsheet.press import kinds
from broadsheet.press.actions import press, press_page, print_due
from broadsheet.press.models import Slip
from broadsheet.research.actions import editing
from broadsheet.research.dossiers_shown import shown
from broadsheet.research.models import Dossier
from tests import make
from tests.research.dossiers import FOUR, FREE, HOUR, PAID, go_round, of_editors, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state")]
PATH = "/dossiers/kenya/"


@pytest.fixture
def dossier(kenya, at):
    published("The envoy", at, countries=[kenya])
    published("The treaty", at, countries=[kenya], body=[FREE, make.PARAGRAPH, make.PARAGRAPH])
    made = of_editors(kenya, at)
    editing.reword(made.pk, title="Kenya", introduction="What Kenya is about.", at=at)
    return editing.publish(made.pk, at=at)


def sheet(path, at):
    kind, match = kinds.kind_of(path)
    return kind.compose(path, match, at)


def cuts(at, path=PATH):
    printed = sheet(path, at)
    assert printed.audience is Audience.MEMBERS
    return printed.previews[Reason.SUBSCRIBE], printed.html


def test_members_read_the_quotations_and_strangers_the_introduction(dossier, at):
    free, whole = cuts(at)

    assert PAID in whole
    assert FREE in whole
    assert "What Kenya is about." in free
    assert PAID not in free
    assert FREE not in free
    assert "2 quotations" in free


def test_what_changed_shows_headlines_to_all_and_sentences_to_members(dossier, kenya, at):
    published("The border", at + HOUR, says=FOUR, countries=[kenya])
    published("Nobody named", at + HOUR, says=f"{FOUR.replace('4,000', '6,000')} Kenya, Kenya and Kenya again.")
    go_round(at + HOUR)

    free, whole = cuts(at + HOUR)

    assert ("The border" in free, "Nobody named" in free) == (True, False)
    assert "4,000" not in free
    assert "6,000" not in free
    assert "The border" in whole
    assert "6,000 soldiers" in whole


def test_a_page_is_printed_again_when_something_came_in(dossier, kenya, at):
    press_page(PATH, at=at)
    before = Slip.objects.get(path=PATH).change
    published("The border", at + HOUR, says=FOUR, countries=[kenya])
    go_round(at + HOUR)

    print_due(at=at + HOUR)

    assert Slip.objects.get(path=PATH).change > before


def test_a_quotation_of_another_text_is_shown_nowhere_until_it_is_looked_at_again(dossier, at):
    article = Article.objects.get(title="The envoy")
    make.published(article.specific, body=[make.block(make.PARAGRAPH), make.block("All is well, and nobody withdrew anybody.")])
    press(article.pk, at=at + HOUR)

    assert PAID not in cuts(at + HOUR)[1]


def test_what_is_taken_back_has_no_page_and_no_link(dossier, at):
    assert PATH in sheet("/countries/kenya/", at).html
    assert PATH in sheet("/dossiers/", at).html

    editing.take_back(dossier.pk, at=at)

    assert sheet(PATH, at) is None
    assert PATH not in sheet("/countries/kenya/", at).html
    assert PATH not in sheet("/dossiers/", at).html


def test_the_country_is_printed_again_when_its_dossier_appears(dossier, at):
    editing.take_back(dossier.pk, at=at)
    press_page("/countries/kenya/", at=at)

    editing.publish(dossier.pk, at=at)

    assert Slip.objects.get(path="/countries/kenya/").stale_at == at


def test_two_of_one_name_have_an_address_each(dossier, kenya, at):
    other = of_editors(kenya, at)

    assert editing.publish(other.pk, at=at).slug == "kenya-2"


def test_the_list_of_dossiers_breaks_an_introduction_off_between_two_words(dossier, at):
    editing.reword(dossier.pk, title="Kenya", introduction="Quarrelsome neighbours. " * 40, at=at)

    assert "Quarrelsome neighbours. …</p>" in sheet("/dossiers/", at).html


def test_one_without_any_quotation_is_not_published(at):
    empty = of_editors(make.country("Mali"), at)

    with pytest.raises(editing.NothingToPublish):
        editing.publish(empty.pk, at=at)


def test_a_stranger_sees_the_free_sentence_of_a_dossier_of_their_own_alone(dossier, at):
    row = Dossier.objects.get(pk=dossier.pk)

    both = [{one.text for one in shown(row, sight=sight).points} for sight in (STRANGER, EVERYTHING)]
    assert both == [{FREE}, {FREE, PAID}]
    assert shown(row, sight=STRANGER).held_back == 1


def test_the_sitemap_names_what_is_published_and_when_strangers_could_last_see_a_change(kenya, dossier, at):
    def sitemap():
        return sheet("/sitemap-dossiers.xml", at).html

    before = f"{PATH}</loc><lastmod>{at.isoformat()}</lastmod>"
    assert before in sitemap()

    published("The border", at + HOUR, says=FOUR, countries=[kenya])
    go_round(at + HOUR)
    assert f"{PATH}</loc><lastmod>{(at + HOUR).isoformat()}</lastmod>" in sitemap()

    editing.take_back(dossier.pk, at=at + HOUR)
    assert PATH not in sitemap()
    assert "/sitemap-dossiers.xml</loc>" in sheet("/sitemap.xml", at).html


def test_a_change_that_only_members_may_know_of_leaves_its_day_in_the_sitemap(kenya, dossier, at):
    """It is about the country by what stands beyond its cut alone."""
    published("A border", at + HOUR, says=f"{FOUR} Kenya, Kenya and Kenya again.")
    go_round(at + HOUR)

    assert dossier.changes.filter(freely=False).exists()
    assert f"{PATH}</loc><lastmod>{at.isoformat()}</lastmod>" in sheet("/sitemap-dossiers.xml", at).html

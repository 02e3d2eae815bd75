"""Countries as shipped."""

from broadsheet.newsroom.places import REGIONS, places


def test_every_country_has_a_name_an_address_of_its_own_and_a_region():
    shipped = places().values()

    assert len({place.slug for place in shipped}) == len(shipped) == 250
    assert all(place.name and place.regions and set(place.regions) <= set(REGIONS) for place in shipped)


def test_names_are_a_newsrooms():
    assert [places()[code].name for code in ("CI", "MM", "CD", "XK", "US", "TR")] == [
        "Côte d'Ivoire",
        "Myanmar",
        "Democratic Republic of Congo",
        "Kosovo",
        "United States",
        "Turkey",
    ]


def test_a_country_may_lie_in_two_regions():
    assert places()["SD"].regions == ("africa", "middle-east-north-africa")

"""Countries and regions as shipped: names from Babel, codes from ISO 3166 through pycountry, the grouping and short names ours.

The desk may rename, regroup and add; shipped data is only written where a country or region is missing.
"""

from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale
from slugify import slugify


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    slug: str
    regions: tuple[str, ...]


REGIONS: dict[str, str] = {
    "africa": "Africa",
    "asia-pacific": "Asia-Pacific",
    "europe": "Europe",
    "middle-east-north-africa": "Middle East & North Africa",
    "the-americas": "The Americas",
    "global": "Global",
}

_CODES = {
    "africa": """AO BF BI BJ BW CD CF CG CI CM CV DJ ER ET GA GH GM GN GQ GW IO KE KM LR LS MG ML MR MU MW MZ NA NE NG RE RW SC SD
        SH SL SN SO SS ST SZ TD TF TG TZ UG YT ZA ZM ZW""",
    "asia-pacific": """AF AS AU BD BN BT CC CK CN CX FJ FM GU HK HM ID IN JP KG KH KI KP KR KZ LA LK MH MM MN MO MP MV MY NC NF NP
        NR NU NZ PF PG PH PK PN PW SB SG TH TJ TK TL TM TO TV TW UM UZ VN VU WF WS""",
    "europe": """AD AL AM AT AX AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD
        ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK""",
    "middle-east-north-africa": "AE BH DZ EG EH IL IQ IR JO KW LB LY MA OM PS QA SA SD SY TN TR YE",
    "the-americas": """AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN KY LC MF
        MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI""",
    "global": "AQ BV",
}

# Where Babel's name is not how a newsroom writes it.
_NAMES = {
    "BA": "Bosnia and Herzegovina",
    "AG": "Antigua and Barbuda",
    "CC": "Cocos Islands",
    "CD": "Democratic Republic of Congo",
    "CG": "Republic of Congo",
    "HK": "Hong Kong",
    "HM": "Heard and McDonald Islands",
    "KN": "Saint Kitts and Nevis",
    "LC": "Saint Lucia",
    "BL": "Saint Barthélemy",
    "MF": "Saint Martin",
    "MM": "Myanmar",
    "MO": "Macao",
    "PM": "Saint Pierre and Miquelon",
    "PS": "Palestine",
    "SH": "Saint Helena",
    "SJ": "Svalbard and Jan Mayen",
    "ST": "São Tomé and Príncipe",
    "TC": "Turks and Caicos Islands",
    "TR": "Turkey",
    "TT": "Trinidad and Tobago",
    "VC": "Saint Vincent and the Grenadines",
    "WF": "Wallis and Futuna",
    "GS": "South Georgia",
}


@cache
def places() -> dict[str, Place]:
    """Every country and territory by its ISO 3166 code; Kosovo as XK."""
    territories = Locale("en").territories
    codes = [country.alpha_2 for country in pycountry.countries] + ["XK"]
    return {code: _place(code, _NAMES.get(code) or territories[code].replace("’", "'")) for code in sorted(codes)}


def _place(code: str, name: str) -> Place:
    regions = tuple(region for region, members in _members().items() if code in members)
    return Place(code=code, name=name, slug=slugify(name.replace("'", "")), regions=regions)


@cache
def _members() -> dict[str, frozenset[str]]:
    return {region: frozenset(codes.split()) for region, codes in _CODES.items()}


@cache
def codes_by_name() -> dict[str, str]:
    """Codes by our names and by Babel's English ones, in lower case."""
    territories = Locale("en").territories
    theirs = {territories[code].replace("’", "'").casefold(): code for code in places()}
    return theirs | {place.name.casefold(): code for code, place in places().items()}

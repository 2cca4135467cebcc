"""The place at the end of a line: ``Northwind Systems San Francisco, CA``, ``Remote``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ml_service.analysis.phrases.folding import fold
from ml_service.analysis.phrases.organisations import is_organisation
from ml_service.analysis.phrases.title_words import names_distinct_occupation

_STATES_TEXT = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY ON QC BC AB MB NS NB SK NSW VIC "
    "QLD USA UK UAE US EU"
)
_STATES = frozenset(_STATES_TEXT.split())
_REGIONS_TEXT = (
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|"
    "hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|"
    "michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|"
    "new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|"
    "rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|"
    "west virginia|wisconsin|wyoming|ontario|quebec|british columbia|alberta|united states|"
    "united kingdom|england|scotland|wales|ireland|germany|deutschland|bayern|bavaria|hessen|"
    "austria|osterreich|switzerland|schweiz|suisse|france|spain|espana|portugal|italy|italia|"
    "netherlands|belgium|belgique|luxembourg|denmark|sweden|norway|finland|iceland|poland|"
    "czech republic|czechia|slovakia|hungary|romania|bulgaria|greece|turkey|turkiye|russia|ukraine|"
    "israel|india|maharashtra|karnataka|tamil nadu|telangana|andhra pradesh|kerala|gujarat|"
    "west bengal|uttar pradesh|haryana|punjab|rajasthan|delhi|orissa|odisha|madhya pradesh|"
    "pakistan|bangladesh|sri lanka|nepal|china|japan|s.korea|south korea|korea|taiwan|"
    "hong kong|singapore|malaysia|indonesia|philippines|thailand|vietnam|australia|new zealand|"
    "canada|mexico|brazil|brasil|argentina|chile|colombia|peru|egypt|morocco|nigeria|kenya|"
    "south africa|saudi arabia|united arab emirates|qatar|kuwait"
)
_FIRST_OF_TWO_TEXT = (
    "san santa new los las st. st saint fort ft. el são sao rio buenos tel hong kuala abu cape "
    "palo menlo mountain redwood ann baton des little grand long colorado kansas oklahoma jersey "
    "west east north south mount port lake pacific salt king foster daly winston college round "
    "cedar palm boca coral bad frankfurt le la den the mexico quebec"
)
_FIRST_OF_TWO = frozenset(_FIRST_OF_TWO_TEXT.split())
_CITIES_TEXT = (
    "seattle chicago boston austin denver atlanta dallas houston phoenix philadelphia portland "
    "detroit minneapolis miami tampa orlando charlotte raleigh nashville memphis baltimore "
    "pittsburgh cleveland columbus cincinnati indianapolis milwaukee sacramento oakland berkeley "
    "cupertino sunnyvale redmond bellevue cambridge princeton stanford brooklyn manhattan tucson "
    "albuquerque omaha honolulu toronto montreal vancouver ottawa calgary london manchester "
    "birmingham leeds bristol glasgow edinburgh dublin berlin munich munchen hamburg koln cologne "
    "dusseldorf stuttgart leipzig dresden hannover vienna wien zurich geneva paris lyon marseille "
    "toulouse madrid barcelona valencia sevilla lisbon lisboa porto rome roma milan milano torino "
    "napoli amsterdam rotterdam brussels copenhagen stockholm oslo helsinki warsaw prague budapest "
    "istanbul ankara moscow mumbai delhi bangalore bengaluru hyderabad chennai pune kolkata noida "
    "gurgaon ahmedabad karachi lahore dhaka beijing shanghai shenzhen tokyo seoul singapore "
    "sydney melbourne brisbane auckland santiago lima bogota cairo nairobi lagos johannesburg dubai"
)
_MAX_CITY_WORDS = 3
_EDGES = " ,|·•–—-("
_LAST_LETTERS = 200  # a place has no more, and looking further takes time
_WAYS = r"(?:Remote|Hybrid|On-?site|Homeoffice|Home Office|Télétravail|Remoto)"
_WAY = re.compile(rf"(?:^|[\s|·•,–—(-]{{1,9}}){_WAYS}\)?\s*$")
_REGION = r"(?P<region>[^\W\d_](?:\.?[^\W\d_])*\.?(?:[ ][^\W\d_]+){0,2})(?:\s+\d{5}(?:-\d{4})?)?\)?"
_CITY_WORD = r"[^\W\d_a-z][\w.'’-]*"
_PLACE_AT_END = re.compile(
    rf"^(?P<before>.*?)"
    rf"(?P<city>{_CITY_WORD}(?:[ ](?:(?:de|do|da|del|der|am|sur|upon)[ ])?{_CITY_WORD})*)"
    rf"\s?,\s*{_REGION}\s*$"
)
_COUNTRY = re.compile(r",\s*(?:USA|US|U\.S\.A\.|UK|United States|India|Canada)\s*$")
_PARTED = re.compile(r"(?:[|·•–—,;:(.]|\s-|\))\s*$")
_PARTS = re.compile(r"\s*[|·•–—]\s*|\s+-\s+|(?<=[a-z)]\.)\s+|(?<=\))\s+")


def without_place(text: str) -> str:
    """``text`` without a known place, or the word for working from home, at its end."""
    plain = _WAY.sub("", text).rstrip(_EDGES)
    if "," not in plain:
        return plain
    short = _COUNTRY.sub("", plain)
    match, before = _place_at_end(short)
    if match is None:
        match, before = _place_at_end(plain)
    if match is None:
        return plain
    city = match["city"]
    parts = _PARTS.split(city)
    if len(parts) > 1:
        before, city = f"{before}{city[: len(city) - len(parts[-1])]}", parts[-1]
    words = city.split()
    n_words = _n_city_words(words)
    whole = not before.strip() or _PARTED.search(before) is not None
    if whole and len(words) <= _MAX_CITY_WORDS and not _is_sure(words, n_words):
        n_words = len(words)
    return f"{before}{' '.join(words[:-n_words])}".rstrip(_EDGES)


def _place_at_end(text: str) -> tuple[re.Match[str] | None, str]:
    """City and known region among the last letters, and all that stands before them."""
    start = max(0, len(text) - _LAST_LETTERS)
    match = _PLACE_AT_END.match(text[start:])
    if match is None or not is_region(match["region"]):
        return None, text
    return match, text[:start] + match["before"]


def is_region(text: str) -> bool:
    """True for a state, a province or a country that is written after the name of a city."""
    plain = text.strip(" .,()")
    return plain in _STATES or fold(plain) in _regions()


def _n_city_words(words: Sequence[str]) -> int:
    """How many of the last ``words`` name the city, as far as words can tell."""
    folded = [fold(word) for word in words]
    if folded[-1] == "city" and len(words) > 1:
        return 3 if len(words) > 2 and folded[-3] in _FIRST_OF_TWO else 2
    return 2 if len(words) >= 2 and folded[-2] in _FIRST_OF_TWO else 1


def _is_sure(words: Sequence[str], n_words: int) -> bool:
    """True if what stands before the city cannot be a part of its name."""
    before = " ".join(words[:-n_words])
    named = n_words > 1 or fold(words[-1]) in _cities()
    return bool(before) and (named or is_organisation(before) or names_distinct_occupation(before))


@lru_cache(maxsize=1)
def _cities() -> frozenset[str]:
    return frozenset(_CITIES_TEXT.split())


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return frozenset(_REGIONS_TEXT.split("|"))

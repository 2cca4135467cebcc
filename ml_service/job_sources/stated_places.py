"""City, state and country out of the one line in which American boards write a place."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODES = """
AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,
DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,
KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,
MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,
NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,
PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,
VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming
"""
_NAMES = {
    name.casefold(): code
    for code, _, name in (entry.strip().partition(" ") for entry in _CODES.split(","))
}
_STATES = frozenset(_NAMES.values())
_WHOLE_COUNTRY = frozenset({"united states", "united states of america", "usa", "u.s.", "us"})
_POSTCODE = re.compile(r"\s+\d{5}(?:-\d{4})?$")
_WORKPLACE = re.compile(r"\s*\([^()]{0,40}\)$")
_NO_CITY = re.compile(r"(?:fully )?remote|anywhere|multiple locations|nationwide", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedPlace:
    """``region`` is the two letters of the state; ``country`` ISO 3166-1 alpha-2, upper case."""

    city: str | None
    region: str | None
    country: str = "US"


def american_place(text: str) -> StatedPlace | None:
    """``Richmond, VA``, ``Richmond, VA 23220, USA``, ``Richmond, Virginia, United States``.

    A state is believed by its capital letters behind a comma, or by its name where the country
    stands behind it; None for any other line. Two letters may be a country's too: files that
    write ``Berlin, DE`` need a column for the country, which then decides.
    """
    parts = [part.strip() for part in _WORKPLACE.sub("", text).split(",")]
    named = len(parts) > 1 and parts[-1].casefold() in _WHOLE_COUNTRY
    if named:
        parts.pop()
    region = _state(parts[-1], by_name=named)
    if region is None:
        return _country_alone(parts[-1], named=named)
    if len(parts) == 1 and not named:
        return None
    city = parts[-2] if len(parts) > 1 else None
    return StatedPlace(None if city is None or _NO_CITY.fullmatch(city) else city or None, region)


def _state(part: str, *, by_name: bool) -> str | None:
    bare = _POSTCODE.sub("", part)
    if bare in _STATES:
        return bare
    return _NAMES.get(bare.casefold()) if by_name else None


def _country_alone(part: str, *, named: bool) -> StatedPlace | None:
    if named or part.casefold() in _WHOLE_COUNTRY - {"us"}:
        return StatedPlace(None, None)
    return None

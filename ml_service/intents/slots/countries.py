"""The country that a place is in, where its name says so."""

from __future__ import annotations

import re

_COUNTRIES = """
ae united arab emirates, uae, u.a.e., dubai, abu dhabi; al albania; am armenia; ar argentina;
at austria; au australia, new south wales, queensland, tasmania, western australia,
south australia, northern territory, nsw, qld; az azerbaijan;
ba bosnia and herzegovina, bosnia; bd bangladesh; be belgium, flanders, wallonia; bg bulgaria;
bh bahrain; bo bolivia; br brazil, brasil; bw botswana; by belarus;
ca canada, ontario, british columbia, alberta, manitoba, saskatchewan, nova scotia, quebec,
new brunswick, newfoundland, prince edward island; ch switzerland; ci ivory coast; cl chile;
cm cameroon; cn china, mainland china; co colombia; cr costa rica; cu cuba; cy cyprus;
cz czech republic, czechia; de germany, deutschland, bavaria, saxony, hesse, baden-württemberg;
dk denmark; do dominican republic; dz algeria; ec ecuador; ee estonia; eg egypt; es spain, españa,
catalonia, andalusia; et ethiopia; fi finland; fr france, brittany, normandy, provence;
gb united kingdom, uk, u.k., great britain, britain, england, scotland, wales, northern ireland;
gh ghana; gr greece; gt guatemala; hk hong kong; hn honduras; hr croatia; hu hungary;
id indonesia; ie ireland, republic of ireland; il israel; in india, karnataka, maharashtra,
tamil nadu, kerala; iq iraq; ir iran; is iceland; it italy, italia, tuscany, sicily, lombardy;
jm jamaica; jo jordan; jp japan; ke kenya; kh cambodia; kr south korea, korea, republic of korea;
kw kuwait; kz kazakhstan; lb lebanon; lk sri lanka; lt lithuania; lu luxembourg; lv latvia;
ma morocco; md moldova; me montenegro; mk north macedonia; mm myanmar; mt malta; mu mauritius;
mx mexico, méxico, baja california; my malaysia; mz mozambique; na namibia; ng nigeria;
nl netherlands, the netherlands, holland; no norway; np nepal; nz new zealand; om oman; pa panama;
pe peru; ph philippines; pk pakistan; pl poland; pr puerto rico; pt portugal; py paraguay;
qa qatar; ro romania; rs serbia; ru russia; rw rwanda; sa saudi arabia, ksa; se sweden;
sg singapore; si slovenia; sk slovakia; sn senegal; sv el salvador; th thailand; tn tunisia;
tr turkey, türkiye, turkiye; tw taiwan; tz tanzania; ua ukraine; ug uganda;
us united states, united states of america, usa, u.s.a., us, u.s., america, states, the states,
alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, hawaii,
idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts,
michigan, minnesota, mississippi, missouri, montana, nebraska, nevada, new england, new hampshire,
new jersey, new mexico, new york, north carolina, north dakota, ohio, oklahoma, oregon,
pennsylvania, rhode island, south carolina, south dakota, tennessee, texas, utah, vermont,
virginia, west virginia, wisconsin, wyoming, new york city, nyc, washington dc, washington d.c.;
uy uruguay; uz uzbekistan; ve venezuela; vn vietnam, viet nam; xk kosovo; za south africa;
zm zambia; zw zimbabwe
"""
# Written behind a city. Left out is what boards write for a country as well ("San Diego, CA").
_CODES_BEHIND = """
us ak ct dc fl ga hi ia ks ky mi mn mo ms nc ne nh nj nm nv ny oh ok or ri sc sd tx ut va vt wa wi
wv wy;
ca ab bc on qc; au vic
"""
_WORDS_TOO = frozenset({"or", "on", "ok", "hi"})


def _table(text: str) -> dict[str, str]:
    entries = (" ".join(entry.split()).partition(" ") for entry in text.split(";"))
    return {name.strip(): code for code, _, names in entries for name in names.split(",")}


_CODE_BY_NAME = _table(_COUNTRIES)
_CODE_BY_STATE = {
    state: country
    for country, _, states in (
        " ".join(entry.split()).partition(" ") for entry in _CODES_BEHIND.split(";")
    )
    for state in states.split()
}
_LONGEST = max(len(name.split()) for name in _CODE_BY_NAME)


def country_of(location: str) -> str | None:
    """ISO 3166-1 alpha-2 in lower case, by what the place ends with; None where it does not say.

    "Toronto, Canada" and "Austin, Texas" do. "Berlin" does not, nor "Georgia" or "San Diego, CA".
    """
    words = re.sub(r"[,()]", " ", location.casefold()).split()
    for length in range(min(_LONGEST, len(words)), 0, -1):
        code = _CODE_BY_NAME.get(" ".join(words[-length:]))
        if code is not None:
            return code
    last = location.rsplit(maxsplit=1)[-1] if len(words) > 1 else ""
    is_told = last.isupper() or last.casefold() not in _WORDS_TOO
    return _CODE_BY_STATE.get(last.casefold()) if is_told else None

"""From a record of anybody's making to a posting, by the names that its fields commonly have.

Names are compared without case, spaces and punctuation. Understood are those of schema.org
JobPosting, JSearch, LinkedIn and Glassdoor exports, and plain spreadsheet headings.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ml_service.domain.posting import MAX_DESCRIPTION_CHARACTERS, Posting, Salary
from ml_service.job_sources.field_values import (
    employment_types,
    link_or_none,
    long_text,
    soc_code_or_none,
    text_or_none,
    utc_or_none,
)
from ml_service.job_sources.local_index import PROVIDER
from ml_service.job_sources.markup import without_markup
from ml_service.job_sources.salaries import salary_from_fields, salary_from_text
from ml_service.job_sources.stated_facts import stated_employment_types, stated_remote
from ml_service.job_sources.stated_places import american_place

NAMES: Mapping[str, tuple[str, ...]] = {
    "job_id": ("jobid", "postingid", "jobpostingid", "identifier", "id", "reference"),
    "title": ("jobtitle", "title", "positiontitle", "position", "role", "vacancy"),
    "description": ("jobdescription", "description", "descriptiontext", "fulldescription"),
    "employer_name": (
        "employername", "companyname", "company", "employer", "hiringorganization",
        "organization", "organisation",
    ),
    "employer_logo": ("employerlogo", "companylogo", "logo"),
    "location": ("joblocation", "location", "formattedlocation", "place"),
    "city": ("jobcity", "city", "addresslocality", "town"),
    "region": ("jobstate", "region", "state", "addressregion", "province", "county"),
    "country": ("jobcountry", "country", "addresscountry", "countrycode"),
    "remote": (
        "jobisremote", "remote", "isremote", "remoteallowed", "workfromhome",
        "joblocationtype", "workarrangement", "workplace", "workplacetype", "workmode",
    ),
    "employment_types": (
        "jobemploymenttypes", "employmenttypes", "employmenttype", "jobemploymenttype",
        "jobtype", "worktype", "formattedworktype", "contracttype",
    ),
    "posted_at": (
        "jobpostedatdatetimeutc", "dateposted", "postedat", "posteddate", "postingdate",
        "listedtime", "publishedat", "jobpostedattimestamp", "date",
    ),
    "apply_url": (
        "jobapplylink", "applyurl", "applylink", "applicationurl", "joblink", "joburl",
        "jobpostingurl", "link", "url",
    ),
    "salary_text": ("salary", "basesalary", "salaryvalue", "salaryrange", "jobsalarystring"),
    "min_salary": ("jobminsalary", "minsalary", "salarymin", "minimumsalary"),
    "max_salary": ("jobmaxsalary", "maxsalary", "salarymax", "maximumsalary"),
    "currency": ("jobsalarycurrency", "salarycurrency", "currency"),
    "period": ("jobsalaryperiod", "salaryperiod", "salaryunit", "payperiod"),
    "soc_code": ("jobonetsoc", "onetsoccode", "onetsoc", "soccode", "occupationalcategory"),
}  # fmt: skip

NOTHING = {"", "-1", "nan", "null", "none", "n/a"}
FEWEST_DIGITS_OF_AN_ID = 6
ID_CHARACTERS = 32

_COUNTRIES = {
    "USA": "US", "UNITED STATES": "US", "UNITED STATES OF AMERICA": "US",
    "UK": "GB", "GBR": "GB", "UNITED KINGDOM": "GB",
}  # fmt: skip

Fields = Mapping[str, object]


def known_names(fields: Fields) -> dict[str, object]:
    """The record's values by the names above; the first name that holds anything wins."""
    plain = {_plain_name(name): value for name, value in fields.items() if _says(value)}
    found: dict[str, object] = {}
    for target, names in NAMES.items():
        holding = [plain[name] for name in names if name in plain]
        if holding:
            found[target] = holding[0]
    return found


def names_a_title(columns: Iterable[str]) -> bool:
    return any(_plain_name(column) in NAMES["title"] for column in columns)


def posting_from(fields: Fields) -> Posting | None:
    """None for a record without a title. A field of the record wins over what its text states."""
    known = known_names(fields)
    title = _line(known.get("title"))
    if title is None:
        return None
    place = _Place(known)
    description = _description(known.get("description"))
    posting = Posting(
        job_id="",
        title=title,
        provider=PROVIDER,
        description=description,
        employer_name=_line(_first_line(_named(known.get("employer_name")))),
        employer_logo=link_or_none(known.get("employer_logo")),
        location=place.text,
        city=place.city,
        region=place.region,
        country=place.country,
        remote=stated_remote(
            known.get("remote"), title=title, location=place.text, description=description
        ),
        employment_types=employment_types(known.get("employment_types"))
        or stated_employment_types(title=title, description=description),
        posted_at=utc_or_none(known.get("posted_at")),
        apply_url=link_or_none(known.get("apply_url")),
        salary=_salary(known),
        soc_code=soc_code_or_none(_first_word(known.get("soc_code"))),
    )
    return _with_id(posting, known.get("job_id"))


def _plain_name(name: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def _says(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in NOTHING
    return value not in (None, [], {})


def _line(value: object) -> str | None:
    """One line of plain text; numbers as they are written."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return text_or_none(html.unescape(value)) if isinstance(value, str) else None


def _first_line(value: object) -> object:
    """Glassdoor exports write the rating on a second line of the company's name."""
    return value.strip().partition("\n")[0] if isinstance(value, str) else value


def _first_word(value: object) -> object:
    """schema.org writes ``15-1252.00 Software Developers``."""
    return (value.split() or [""])[0] if isinstance(value, str) else value


def _named(value: object) -> object:
    """The name of a schema.org thing, or the value itself."""
    if isinstance(value, dict):
        return value.get("name") or value.get("value")
    return value


def _description(value: object) -> str:
    text = value if isinstance(value, str) else ""
    # Markup and entities take room that the limit is not meant for.
    text = text[: MAX_DESCRIPTION_CHARACTERS * 4]
    return long_text(without_markup(text), max_characters=MAX_DESCRIPTION_CHARACTERS)


class _Place:
    """Where the job is, from plain columns or from a schema.org Place."""

    def __init__(self, known: Mapping[str, object]) -> None:
        stated = known.get("location")
        stated = stated[0] if isinstance(stated, list) and stated else stated
        address = stated.get("address", stated) if isinstance(stated, dict) else {}
        nested = known_names(address) if isinstance(address, dict) else {}
        self.city = _line(known.get("city") or nested.get("city"))
        self.region = _line(known.get("region") or nested.get("region"))
        country = _line(_named(known.get("country") or nested.get("country")))
        self.country = _country_code(country)
        self.text = _line(address if isinstance(address, str) else stated) or (
            ", ".join(part for part in (self.city, self.region, country) if part) or None
        )
        self._fill_from_text()

    def _fill_from_text(self) -> None:
        """Only what no field holds, and nothing American about a place that lies elsewhere."""
        read = american_place(self.text or "")
        if read is None or self.country not in {None, read.country}:
            return
        self.country = read.country
        if self.city in {None, read.city} and self.region in {None, read.region}:
            self.city, self.region = read.city, read.region


def _country_code(country: str | None) -> str | None:
    """ISO 3166-1 alpha-2, upper case; None for a name that is not surely one country."""
    code = (country or "").upper()
    if re.fullmatch(r"[A-Z]{2}", code) and code != "UK":
        return code
    return _COUNTRIES.get(code)


def _salary(known: Mapping[str, object]) -> Salary | None:
    currency, period = known.get("currency"), known.get("period")
    low, high = _number(known.get("min_salary")), _number(known.get("max_salary"))
    stated = known.get("salary_text")
    if isinstance(stated, dict):
        return _schema_salary(stated)
    return salary_from_fields(low, high, currency, period) or salary_from_text(
        stated, currency=currency, period=period
    )


def _schema_salary(amount: Mapping[str, object]) -> Salary | None:
    """A schema.org MonetaryAmount: one value, or a range with a unit."""
    value = amount.get("value")
    inner = value if isinstance(value, dict) else amount
    single = _number(inner.get("value"))
    return salary_from_fields(
        _number(inner.get("minValue")) or single,
        _number(inner.get("maxValue")) or single,
        amount.get("currency"),
        inner.get("unitText"),
    )


def _number(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,12}(?:\.\d{1,4})?\s*", value):
        return float(value)
    return value


def _with_id(posting: Posting, stated: object) -> Posting:
    """The record's own id, or one made of what the posting says: the same on every import.

    A short number counts rows and means another posting in the next file: it is no id.
    """
    own = _line(_named(stated))
    if own and not (own.isdigit() and len(own) < FEWEST_DIGITS_OF_AN_ID):
        return replace(posting, job_id=own)
    told = (posting.title, posting.employer_name, posting.location, posting.apply_url)
    digest = hashlib.sha256(json.dumps([*told, posting.description]).encode()).hexdigest()
    return replace(posting, job_id=digest[:ID_CHARACTERS])

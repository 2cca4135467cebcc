"""Many invented people of four trades, each with a text of its own, for models of own labels.

The same call gives the same people. Telephone numbers and addresses are those kept for fiction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tests.people import Job, Person, Study


@dataclass(frozen=True, slots=True)
class Trade:
    """What people of one trade write of themselves, in pieces."""

    titles: tuple[str, ...]
    verbs: tuple[str, ...]
    objects: tuple[str, ...]
    circumstances: tuple[str, ...]
    skills: tuple[str, ...]
    houses: tuple[str, ...]


TRADES: Mapping[str, Trade] = {
    "KITCHEN": Trade(
        titles=("Line Cook", "Sous Chef", "Pastry Cook", "Kitchen Lead", "Grill Cook"),
        verbs=("Prepared", "Cooked", "Plated", "Seasoned", "Portioned", "Roasted"),
        objects=(
            "fish dishes",
            "seasonal menus",
            "stocks and sauces",
            "banquet dinners",
            "desserts and breads",
            "salads and starters",
            "breakfast buffets",
            "cuts of lamb",
        ),
        circumstances=(
            "on busy weekend evenings",
            "for a hotel restaurant",
            "under strict hygiene rules",
            "with four apprentices beside me",
            "from local farms and markets",
            "while keeping food cost low",
        ),
        skills=(
            "Menu planning",
            "Food safety",
            "Knife work",
            "Baking",
            "Catering",
            "Stock control",
        ),
        houses=("Sakana House", "Hotel Marisol", "Gray Heron Bistro", "Trattoria Porta"),
    ),
    "NURSING": Trade(
        titles=("Staff Nurse", "Ward Nurse", "Charge Nurse", "Theatre Nurse", "Clinic Nurse"),
        verbs=("Monitored", "Treated", "Bathed", "Assessed", "Comforted", "Vaccinated"),
        objects=(
            "surgical patients",
            "ventilated infants",
            "wounds and dressings",
            "diabetic outpatients",
            "stroke survivors",
            "elderly residents",
            "feverish children",
            "chest drains",
        ),
        circumstances=(
            "on the intensive care ward",
            "during long night shifts",
            "by the hospital's protocol",
            "together with three physicians",
            "before and after their operations",
            "and charted every vital sign",
        ),
        skills=(
            "Triage",
            "Wound care",
            "Medication",
            "Patient education",
            "Charting",
            "Phlebotomy",
        ),
        houses=("Lakeside Hospital", "Saint Brannoc Clinic", "Harbor Hospice", "Elm Medical"),
    ),
    "TRANSPORT": Trade(
        titles=("Truck Driver", "Bus Driver", "Delivery Driver", "Tanker Driver", "Van Driver"),
        verbs=("Drove", "Hauled", "Delivered", "Loaded", "Secured", "Steered"),
        objects=(
            "refrigerated trailers",
            "school buses",
            "furniture loads",
            "fuel tankers",
            "parcels and pallets",
            "livestock trucks",
            "gravel and sand",
            "container chassis",
        ),
        circumstances=(
            "across mountain passes in winter",
            "without a single late arrival",
            "between the port and depots",
            "with a clean driving record",
            "after inspecting brakes and tires",
            "along interstate routes at night",
        ),
        skills=(
            "Route planning",
            "Air brakes",
            "Logbooks",
            "Forklift",
            "Load securing",
            "Navigation",
        ),
        houses=("Northern Haulage", "Coast Freight", "Red Kite Couriers", "Valley Transit"),
    ),
    "ACCOUNTS": Trade(
        titles=(
            "Staff Accountant",
            "Bookkeeper",
            "Payroll Clerk",
            "Audit Associate",
            "Cost Analyst",
        ),
        verbs=("Reconciled", "Audited", "Posted", "Invoiced", "Closed", "Forecast"),
        objects=(
            "supplier ledgers",
            "quarterly tax returns",
            "payroll runs",
            "balance sheet accounts",
            "expense claims",
            "fixed asset registers",
            "bank statements",
            "consolidated budgets",
        ),
        circumstances=(
            "at the end of each month",
            "for three legal entities",
            "with no findings by auditors",
            "in spreadsheets and ledger software",
            "under generally accepted principles",
            "and reported variances to directors",
        ),
        skills=("General ledger", "Bookkeeping", "Invoicing", "Budgeting", "QuickBooks", "Payroll"),
        houses=("Colby Partners", "Harrow Manufacturing", "Finch Payments", "Odell and Sons"),
    ),
}
LABELS = tuple(sorted(TRADES))

_FIRST_NAMES = ("Ada", "Bruno", "Chidi", "Dalia", "Emre", "Freya", "Goran", "Hana", "Ines", "Jonas")
_LAST_NAMES = ("Abara", "Brandt", "Castell", "Dvorak", "Eklund", "Farouk", "Grieg", "Hollis")
_PLACES = ("Salem, OR", "Boise, ID", "Tulsa, OK", "Macon, GA", "Reno, NV", "Dover, DE")


def people_of(label: str, n: int, *, seed: int = 1) -> list[Person]:
    """``n`` people of a trade; another ``seed`` gives other people."""
    return [_person(TRADES[label], Random(f"{seed}:{label}:{at}")) for at in range(n)]


def labelled_people(n_each: int, *, seed: int = 1) -> list[tuple[str, Person]]:
    """With the label of each, the labels one after the other."""
    return [(label, person) for label in LABELS for person in people_of(label, n_each, seed=seed)]


def _person(trade: Trade, chance: Random) -> Person:
    first, last = chance.choice(_FIRST_NAMES), chance.choice(_LAST_NAMES)
    titles = chance.sample(trade.titles, 3)
    since = chance.randint(2008, 2014)
    return Person(
        name=f"{first} {last}",
        title=titles[0],
        email=f"{first}.{last}{chance.randint(1, 99)}@example.com".lower(),
        phone=f"+1 202 555 01{chance.randint(10, 99)}",
        place=chance.choice(_PLACES),
        link=f"https://example.com/{first.lower()}{last.lower()}",
        summary=" ".join(f"{_sentence(trade, chance)}." for _ in range(2)),
        jobs=(
            _job(trade, chance, titles[1], f"{since + 4}", "Present"),
            _job(trade, chance, titles[2], f"{since}", f"{since + 4}"),
        ),
        studies=(Study("High school diploma", "Hill Country School", f"{since - 3} - {since}"),),
        skills=tuple(chance.sample(trade.skills, 4)),
        certificates=(),
        languages=("English",),
        soc_codes=(),
    )


def _job(trade: Trade, chance: Random, position: str, start: str, end: str) -> Job:
    highlights = tuple(_sentence(trade, chance) for _ in range(4))
    place = chance.choice(_PLACES)
    return Job(position, chance.choice(trade.houses), place, start, end, highlights)


def _sentence(trade: Trade, chance: Random) -> str:
    parts: Sequence[str] = (
        chance.choice(trade.verbs),
        str(chance.randint(3, 900)),
        chance.choice(trade.objects),
        chance.choice(trade.circumstances),
    )
    return " ".join(parts)

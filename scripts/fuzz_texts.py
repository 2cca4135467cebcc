"""Odd numbers, letters and lines: what mutated documents are given instead of their own."""

from __future__ import annotations

from random import Random

NUMBERS = (
    "0", "-1", "1", "2", "9", "37", "90", "255", "32768", "65535", "65536", "2147483647",
    "2147483648", "-2147483649", "4294967296", "9" * 19, "9" * 60, "-" + "9" * 19, "1e308", "1e9",
    "NaN", "nan", "inf", "-0.0000000001", "0.00001", "1.5.5", "--7", "+", "", "٣", "1_000", "0x10",
    "000000000001", "1000000", "-1000000", "0.5", "true", "off",
)  # fmt: skip
_UNITS = (
    "a", "A", "a.", "a@", "a@b.", "@", ".", "1", "12", "(", ")", "[", "-", "–", "--", "/", "|", " ",
    "  ", " | ", ", ", ",", ";", ":", "•", "• ", "*", "_", "'", "’", '"', "\\", "<", ">", "&", "%",
    "http://", "www.", "a.com/", "linkedin.com/in/", "+1 (", "555-", "+", "2020", "2020 - ",
    "Jan 2020 - ", "01/2020 ", "present ", "Jan ", "May ", "to ", "Bachelor of ", "B.S. ", "of ",
    "University ", "Engineer ", "Engineer, ", "Senior ", "at ", "Inc. ", "in ", "and ", "C++ ",
    "Python, ", "R ", "Skills: ", "Work Experience ", "é", "ﬁ", "ß", "İ", "\u202e", "\u200b",
    "\u00ad", "\u0301", "\u2028", "\ufeff", "\ufffd", "\uf0b7", "\U0001f600", "漢", "א", "ا", "٣",
    "²", "①", "\t", "\u00a0", "\u3000", "I ", "he ", "She ", "#", "=", "$1,000 ", "50% ",
)  # fmt: skip
_COUNTS = (1, 1, 1, 2, 3, 8, 40, 200, 1_000, 5_000)
_MAX_LETTERS = 40_000
_LINES = (
    "Work Experience", "EXPERIENCE", "Education", "Skills", "Certifications", "Languages",
    "Summary", "References", "Ada Sample", "ada@sample.example", "+1 212 555 0142",
    "Software Engineer, Sample Works, Leeds, United Kingdom | Jan 2019 - Present",
    "Senior Accountant", "03/2015 - 04/2018", "Sample Works Inc., Austin, TX",
    "• Reduced costs by 40 % for 12 clients", "Bachelor of Science in Biology",
    "University of Porto | 2011 - 2014", "Python, SQL, Microsoft Excel", "English (native), German",
    "Berufserfahrung", "Expérience professionnelle", "Dec 9999 - Jan 0001", "0000 - 99999",
    "2019 -", "- 2019", "31/31/2020", "Date of birth: 1/1/1990", "SSN 078-05-1120",
)  # fmt: skip


def odd_number(chance: Random) -> str:
    if chance.random() < 0.2:
        return str(round(chance.uniform(-2000, 2000), chance.choice((0, 2))))
    return chance.choice(NUMBERS)


def odd_text(chance: Random) -> str:
    """A few units repeated up to some thousand times: what regular expressions may choke on."""
    units = "".join(chance.choice(_UNITS) for _ in range(chance.choice((1, 1, 2, 3, 5))))
    count = min(chance.choice(_COUNTS), _MAX_LETTERS // len(units))
    before, after = (chance.choice(_UNITS) if chance.random() < 0.4 else "" for _ in range(2))
    return before + units * count + after


def resume_line(chance: Random) -> str:
    """A line as resumes have it, at times with something odd within."""
    line = chance.choice(_LINES)
    if chance.random() < 0.35:
        at = chance.randrange(len(line) + 1)
        line = line[:at] + odd_text(chance) + line[at:]
    if chance.random() < 0.1:
        line = "".join(chance.sample(line[:500], len(line[:500])))
    return line


def odd_lines(chance: Random) -> list[str]:
    """A page of them, now and then hundreds."""
    count = chance.choice((1, 5, 20, 60, 60, 400))
    repeated = [resume_line(chance) for _ in range(chance.choice((3, 8, 20)))]
    return [
        chance.choice(repeated) if count > 60 or chance.random() < 0.5 else resume_line(chance)
        for _ in range(count)
    ]

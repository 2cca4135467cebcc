"""Tools that an advert names outright ("must know Terraform") and the catalogue may not know.

Only single capitalised words of two characters or more in the list right behind a phrase that
asks for knowledge. Left out on purpose: the same name in any other sentence ("We run Terraform"),
names of several words or with a stroke ("PL/SQL"), single letters ("R"), and lines written in
capitals. A capitalised ordinary noun in such a list ("knowledge of Chemistry") is taken as well:
it is asked for too.
"""

from __future__ import annotations

import re
from itertools import takewhile

_ASKING = re.compile(
    r"\b(?:(?:must|should|you|to) know|knowledge of|experienced? (?:with|using)|"
    r"proficien(?:t|cy) (?:in|with)|familiar(?:ity)? with|expertise (?:in|with)|skilled in)\s+",
    re.IGNORECASE,
)
_END_OF_LIST = re.compile(
    r"[.!?](?:\s|$)|[;:()]|\b(?:is|are|(?:strongly |highly )?preferred|required|needed|desired|"
    r"a plus)\b"
)
_BETWEEN = re.compile(r",\s*(?:(?:and|or)\s)?|\s(?:and|or|&)\s")
_CAPITALISED = re.compile(r"[A-Z0-9.][\w+#.&'/-]*(?: [A-Z0-9][\w+#.&'/-]*)*")
_ONE_NAME = re.compile(r"\.?[A-Z][\w+#.-]*[\w+#]")


def tools_named_in(clause: str) -> tuple[str, ...]:
    """As they are written, each once, in their order."""
    if clause.isupper():
        return ()
    found: dict[str, None] = {}
    for asking in _ASKING.finditer(clause):
        listed = _END_OF_LIST.split(clause[asking.end() :], maxsplit=1)[0]
        items = (item.strip() for item in _BETWEEN.split(listed))
        # The first item with ordinary words in it ends the list: what follows may be anything.
        names = takewhile(_CAPITALISED.fullmatch, items)
        found.update(dict.fromkeys(name for name in names if _ONE_NAME.fullmatch(name)))
    return tuple(found)

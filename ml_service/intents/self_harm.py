"""Plain words of somebody who may be about to hurt themselves.

No diagnosis, and no list can be complete: whoever says it otherwise is read as any other text. The
phrases name the writer ("kill myself", "end my life"), so that "a killer resume", "this job is
killing me" and work in suicide prevention are not among them.
"""

from __future__ import annotations

import re

_PHRASES = re.compile(
    r"(?<!\w)(?:(?:kill|killing|hang|hanging|shoot|shooting|drown|drowning|hurt|hurting|harm"
    r"|harming|cut|cutting|poison|poisoning) (?:myself|my self)"
    r"(?! (?:in|some|a|short|off|laughing))"
    r"|(?:end|ending|take|taking) my own life|(?:end|ending) my life|end it all|ending it all"
    r"|(?:want|wanna|wish|rather|going|like|ready|better)(?: to| i could| i would| that i)? die"
    r"(?! (?:than|of|for|laughing|trying))"
    r"|(?:wish|wished) (?:that )?i (?:was|were) (?:dead|never born)|better off (?:dead|without me)"
    r"|(?:don['’]?t|do not|no longer) want to (?:live|be alive|exist|wake up)"
    r"(?= any ?more| any longer|[.!?,]|\s*$)"
    r"|no (?:reason|point) (?:to|in) (?:live|living|go on living)|nothing to live for"
    r"|(?:i am|i['’]?m|feel|feeling|felt) (?:\w+ )?suicidal|commit(?:ting)? suicide"
    r"|my suicide|self[- ]harm(?:ing)?(?= again|[.!?,]|\s*$)|jump(?:ing)? off (?:a|the) (?:bridge|"
    r"roof|building))(?!\w)",
    re.IGNORECASE,
)
_HELPING = re.compile(
    r"\b(?:prevention|counsell?ors?|counsell?ing|hotlines?|helplines?|nurses?|therapists?|trainer"
    r"|training|courses?|jobs?|roles?|vacanc\w+|positions?|patients?|clients?|research\w*)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(r"suicide|self[- ]harm", re.IGNORECASE)


def speaks_of_self_harm(text: str) -> bool:
    """A subject of work ("suicide prevention") is none, words about oneself always are."""
    for found in _PHRASES.finditer(text):
        if not (_OF_OTHERS.search(found[0]) and _HELPING.search(text)):
            return True
    return False

"""Parts of a request for jobs that ask for something else: "improve my resume and ..."."""

from __future__ import annotations

import re

from ml_service.intents.slots.spans import SlotSpan

_BEGINS = (
    r"(?:^|(?<=[.!?;:,]\s)|(?<=\n)|\b(?:and|then|also|but|or)\s+)"
    r"(?:(?:please|kindly|then|also|first|just|now|hi|hello|hey|and),? ){0,6}"
    r"(?:(?:can|could|would|will) you (?:please )?|(?:i|we) (?:want|need|would like)(?: you)? to "
    r"|i['’]d like (?:you )?to |help me(?: to)? |let['’]s )?"
)
_CHANGES = (
    r"(?:improve|fix|rewrite|re-write|review|check|polish|update|edit|correct|look at|look over"
    r"|proofread|optimi[sz]e|work on|tidy(?: up)?|tailor|score|rate|analy[sz]e|read|upload|write"
    r"|help(?: me)? with|build|make|finish|translate|shorten)"
)
_KEEPS = (
    r"(?:delete|erase|remove|wipe|export|download|save|clear|send me|show me|email me|compare"
    r"|give me|get)"
)
_NEAR_BY = r"(?: (?!jobs?\b|work\b|for\b|in\b|at\b)[\w'’-]+){0,3}? "
_OTHER = re.compile(
    rf"{_BEGINS}(?P<wish>(?:{_CHANGES}{_NEAR_BY}(?:resumes?|cvs?|cover letters?|profile)"
    rf"|{_KEEPS}{_NEAR_BY}(?:my data|my account|my profile|my history|(?:my |the |these |two "
    r"|both |last |old )+(?:results?|resumes?|cvs?|analyses|uploads?)|my results?)"
    r"|(?:prepare|practi[sc]e|train)(?: me)?(?: for| with me)?(?: (?:an?|the|my))?"
    r"(?: job)? interviews?"
    r"|tell me (?:what|how much)(?: \w+){1,5} (?:earns?|pays?|makes?)))"
    r"(?=\s*(?:$|[.!?;:,\n]|(?:and|then|but|before|while|or|so)\b))",
    re.IGNORECASE,
)


def other_wishes_of(text: str) -> list[SlotSpan]:
    """Set aside: what another intent is for. A text of nothing else is read as it is."""
    spans = [SlotSpan("set_aside", *found.span("wish")) for found in _OTHER.finditer(text)]
    left = len(re.sub(r"\W", "", text)) - sum(span.end - span.start for span in spans)
    return spans if left > 0 else []

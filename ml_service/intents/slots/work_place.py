"""Whether the work is wanted away from the office."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ml_service.intents.slots.spans import SlotSpan, meets

# What is remote here is not the work.
_KEPT = (
    r"remote[ -](?:sens\w+|control\w*|monitoring|pilots?|handling|areas?|access|desktop|"
    r"diagnos\w+|communit\w+|islands?|operat\w+|infrastructure|hands|sites?|telemetry|patient)"
    r"|remote\.\w+|(?<=at )(?-i:Remote|Home [A-Z]\w+)(?! (?:first|only|work))"
    r"|(?:work(?:ing)? at )?home (?:depot|bargains|instead|group|base|centre)"
    r"|remotely[ -](?:operated|piloted|controlled|sensed)"
    r"|(?:at|for|with|of) the home office|(?<=[a-z] )(?-i:Home Office)"
    r"|home[- ]based (?:care|carers?|support|therap\w+|education|treatment)"
    r"|in[ -]office (?:administrat\w+|manag\w+|clean\w+|support|services|furniture|work)"
    r"|on[ -]site (?:search|optimi[sz]ation)"
)
_HOME = (
    r"remote(?:ly)?(?:[ -](?:work(?:ing)?|only|first|friendly|based|possible|preferred|options?))?"
    r"|(?:work(?:ing)?[ -])?from[ -](?:my )?(?:own )?home(?:[ -]office)?"
    r"|work(?:ing)?[ -]from[ -]anywhere|work(?:ing)? at home|(?:in (?:my|the) )?home[- ]office"
    r"|wfh|home[- ]based|home[- ]?working|telecommut\w+|telework\w*"
)
_OFFICE = (
    r"on[ -]?site(?:[ -]only)?|in[ -]person|office[- ]based"
    r"|(?:working )?(?:in|at|from) (?:the|an) office|in[ -]office"
)
_MUCH = r"(?:(?:fully|100 ?%|completely|entirely|totally|strictly|purely|mostly|only) )?"
_SAID = r"(?:(?:that|which) )?(?:(?:i|you|we) can (?:do|work) |can be done |to be done )?"
_NOT = (
    r"(?:(?:that|which) )?(?:(?:is|are|be) not|isn['’]t|aren['’]t|not|no|non|nothing|without|"
    r"never|except|don['’]?t want|do not want|rather than|instead of|(?:any|every)thing but|"
    r"(?:any|every)thing (?:except|other than))[ -]"
    r"(?:to )?(?:any |a |be |do |work )*"
)
_DENIED = re.compile(_NOT, re.IGNORECASE)
_WORK_PLACE = re.compile(
    rf"(?<![\w-])(?:(?P<kept>{_KEPT})"
    rf"|(?P<either>(?:{_HOME}) or not|(?:not necessarily|does(?: not|n['’]t) have to be) "
    rf"(?:{_HOME}|{_OFFICE}))"
    rf"|(?P<away>{_NOT}{_MUCH}(?:{_OFFICE}|commut(?:e|ing)))"
    rf"|(?P<there>{_NOT}{_MUCH}(?:{_HOME})|{_SAID}{_MUCH}(?:{_OFFICE}))"
    rf"|(?P<home>{_SAID}{_MUCH}(?:{_HOME})))(?!\w)",
    re.IGNORECASE,
)
_REMOTE = {"away": True, "home": True, "there": False}


def work_place_of(
    text: str, refused: Sequence[SlotSpan] = ()
) -> tuple[bool | None, list[SlotSpan]]:
    """True away from the office, False in it; None where nothing or both is asked.

    What is refused is turned around, unless its own words did that already.
    """
    spans: list[SlotSpan] = []
    said: set[bool] = set()
    for found in _WORK_PLACE.finditer(text):
        kind = found.lastgroup
        if kind == "kept":
            continue
        span = SlotSpan("remote", *found.span())
        spans.append(span)
        is_turned = meets(span, refused) and not _DENIED.match(found[0])
        said |= {_REMOTE[kind] is not is_turned} if kind in _REMOTE else {True, False}
    return (said.pop() if len(said) == 1 else None), spans

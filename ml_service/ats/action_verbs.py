"""English verbs that say what somebody did, and the forms they begin a bullet with."""

from __future__ import annotations

import re
from itertools import islice

from ml_service.ats.words import PRONOUNS

_REGULAR = """
abolish accelerate accommodate accomplish achieve acquire act adapt address adhere adjust
administer adopt advance advertise advise advocate aid alert align allocate allot amend amplify
analyse analyze answer anticipate apply appoint appraise approve arbitrate architect archive
arrange articulate ascertain assemble assess assign assist assure attain attend attract audit
augment author authorise authorize automate award bake balance bathe benchmark bill bolster boost
brainstorm bridge brief broaden budget calculate calibrate campaign cancel canvass capitalise
capitalize capture care carry cascade catalog catalogue cater centralise centralize certify chair
champion change chart check clarify classify clean clear close coach code codify collaborate
collate collect combine command commence commission communicate compare compete compile complete
comply compose compute conceive conceptualise conceptualize conclude conduct confer configure
confirm connect consolidate construct consult contact contract contribute control convert convey
convince cook coordinate correct correspond counsel count counteract cover craft create critique
cultivate curate customise customize cut debrief debug decide decommission decrease dedicate
define delegate deliver demonstrate depict deploy describe design detail detect determine develop
devise diagnose digitise digitize diminish direct disburse discover dismantle dispatch dispense
display dispose dissect distill distribute diversify document double draft drill drop earn edit
educate elevate elicit eliminate enable enact encode encourage enforce engage engineer enhance
enlarge enlist enquire enrich enrol enroll ensure enter entertain envision equalise equip erect
escalate establish estimate evaluate examine exceed excel exchange execute exercise exhibit expand
expedite experiment explain explore export expose extend extract extrapolate fabricate facilitate
familiarise familiarize file filter finalise finalize finance fix flag focus follow forge
formalise formalize format formulate forward foster found frame fulfil fulfill fund furnish gain
garner gather generate govern grade graduate grant greet guard guide handle harmonise harmonize
harness harvest head highlight hire hone host hypothesise ideate identify illustrate implement
import improve improvise inaugurate incorporate increase incubate index influence inform infuse
initiate inject innovate inquire insert inspect inspire install instil instill institute instruct
insure integrate interact interface interpret intervene interview introduce invent inventory
invest investigate invite invoice isolate issue itemise itemize join justify label land launch
layer learn lecture lessen leverage liaise license lift link liquidate list listen load lobby
locate log lower machine mail maintain manage manipulate manufacture map market master match
maximise maximize measure mechanise mediate memorise mentor merchandise merge migrate mine
minimise minimize mix mobilise mobilize model moderate modernise modernize modify monitor motivate
mount move multiply narrate navigate negotiate network nominate normalise normalize notify nurse
nurture observe obtain offer offset onboard open operate optimise optimize orchestrate order
organise organize orient originate outfit outline outpace outperform outsource overhaul own pack
package paint parse participate partner patrol pave perform persuade photocopy photograph pick
pilot pioneer pitch place plan plant play polish position post power practice prepare prescribe
present preserve preside prevent price print prioritise prioritize probe process procure produce
program project promote propel propose prospect protect prototype provide publicise publicize
publish pull purchase pursue push qualify quantify query quote raise rank rate reach realise
realize reassign rebrand recall receive recommend reconcile reconstruct record recover recruit
rectify redesign reduce reengineer refactor refer refine refurbish register regulate rehabilitate
rehearse reinforce reinvent reject relay release relocate remediate remodel remove render
renegotiate renew reorganise reorganize repair replace replenish replicate report reposition
represent repurpose request rescue research reserve reshape resolve respond restock restore
restructure retain retrieve return revamp review revise revitalise revitalize revive revolutionise
revolutionize reward rewire rework roll rotate route safeguard salvage sample sanitise sanitize
satisfy save scaffold scale scan schedule scope score screen script scrub sculpt search secure
segment select separate sequence serve service shadow shape share ship shorten showcase sign
simplify simulate sketch slash smooth solicit solidify solve soothe sort source spearhead
specialise specialize specify sponsor spot spur stabilise stabilize stack staff stage standardise
standardize start steer steward stimulate stitch stock strategise strategize streamline strengthen
structure study subcontract submit succeed suggest summarise summarize supervise supplant
supplement supply support surface surpass survey sustain swap synthesise synthesize systematise
systematize tabulate tackle tailor tally target telephone tend terminate test toggle tour track
trade train transact transcribe transfer transform transition translate transport travel treat
triage trim triple troubleshoot tune turn tutor type uncover unify unload unpack update upgrade
upsell use usher utilise utilize validate value vend verify view visit visualise visualize voice
volunteer wash watch weigh welcome weld widen wield wire wrap yield
"""

_IRREGULAR = """
become:became begin:began break:broke bring:brought broadcast:broadcast build:built buy:bought
catch:caught choose:chose cut:cut deal:dealt draw:drew drive:drove feed:fed find:found fly:flew
forecast:forecast foresee:foresaw get:got give:gave grow:grew hang:hung hold:held keep:kept
lay:laid lead:led leave:left lend:lent light:lit make:made meet:met outsell:outsold
overcome:overcame oversee:oversaw pay:paid proofread:proofread prove:proved put:put read:read
rebuild:rebuilt redo:redid resell:resold rethink:rethought rewrite:rewrote ride:rode run:ran
say:said seek:sought sell:sold send:sent set:set sew:sewed shoot:shot shut:shut sing:sang
speak:spoke spend:spent split:split spread:spread strive:strove swim:swam take:took teach:taught
tell:told think:thought troubleshoot:troubleshot understand:understood undertake:undertook
underwrite:underwrote upsell:upsold win:won withdraw:withdrew write:wrote
"""

# Verbs of one stressed last syllable double their consonant.
_DOUBLING_LIST = """
allot cancel control counsel debug distil drop enrol equip excel format fulfil instil label log
map model outfit patrol plan prep program propel refer retrofit scan scrub ship spot spur submit
swap transfer travel trim vet wrap
"""
_DOUBLING = frozenset(_DOUBLING_LIST.split())
_VOWELS = "aeiou"
_BULLET = re.compile(r"^(?:[\W\d_]|Â|â€¢)+")  # the last two: signs read in another encoding
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_MAX_LEADING = 4


def past_tense(verb: str) -> str:
    """The regular past of an English verb, as it is spelled in Britain where spellings differ."""
    if verb in _DOUBLING:
        return verb + verb[-1] + "ed"
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + "ed"


def third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _forms() -> frozenset[str]:
    irregular = dict(pair.split(":") for pair in _IRREGULAR.split())
    bases = {*_REGULAR.split(), *_DOUBLING, *irregular}
    pasts = {irregular.get(verb) or past_tense(verb) for verb in bases}
    pasts |= {verb + "ed" for verb in _DOUBLING if verb.endswith("l")}
    return frozenset(bases | pasts | {third_person(verb) for verb in bases})


ACTION_VERBS = _forms()


def begins_with_action_verb(text: str) -> bool:
    """Looks at the first word behind bullet signs, adverbs and pronouns.

    ``co-founded`` and ``cold-called`` are judged by their last part.
    """
    tokens = islice(_TOKEN.finditer(_BULLET.sub("", text)), _MAX_LEADING)
    words = (token.group().casefold() for token in tokens)
    first = next((word for word in words if not _leads_in(word)), "")
    return _is_action(first)


def _leads_in(word: str) -> bool:
    return word in PRONOUNS or (not _is_action(word) and word.endswith("ly")) or word == "and"


def _is_action(word: str) -> bool:
    return word in ACTION_VERBS or word.rpartition("-")[2] in ACTION_VERBS

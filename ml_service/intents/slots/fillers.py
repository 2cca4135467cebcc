"""Words with which people ask, and that name no work."""

from __future__ import annotations

import re

from ml_service.intents.slots.word_lists import words_listed

_ASK = (
    r"(?:(?:find|get|give|send|tell|fetch|bring|pull|dig|recommend|suggest|browse|explore|"
    r"locate|discover|check|hunt|filter)(?: (?:up|for|out))?"
    r"|(?:search(?:es)?|look(?:up)?|hunt)(?: (?:for|up|out|at|through))?"
    r"(?! engine| consult| market| ads| specialist| and )"
    r"|(?:show|list|see|view|display)"
    r"(?! artist| designer| jumper| runner| producer| presenter| broker))"
    r"(?: (?:me|us))?(?: (?:about|what|which|where))?"
)
_WISH = (
    r"(?:(?:i|we|im|i['’]m|i['’]d|we['’]re|he|she|my \w+)"
    r"(?: am| are| is| would|['’]ve been| have been)?"
    r"(?: (?:just|now|currently|actually|also|really|still|actively))?"
    r"(?: (?:looking|searching|hunting|wants?|need(?:s)?|like|love|after|seeking|interested|"
    r"trying|hoping|keen|open|wish|rather|wanna|prefer))(?: (?:for|to|in|on|out)\b)?)"
)
_TO_DO = (
    r"(?:to (?:find|get|see|apply(?: to| for)?|work(?: as| in)?|become|be|land|change to|move into|"
    r"search(?: for)?|look (?:for|at)|do|start(?: as)?))"
)
_MAY_YOU = (
    r"(?:can|could|would|will|may|might) (?:you|u|i|we|someone|anyone)"
    r"(?: (?:please|kindly|also|maybe|possibly|help))*(?: me)?(?: to)?"
)
_WHO_HIRES = (
    r"(?:who(?:['’]s| is| are)? (?:hiring|looking)"
    r"|(?:companies|employers|firms|anyone|anybody|places?)(?: (?:that|who)(?: are| is)?)? "
    r"(?:hiring|recruiting))(?: for)?"
)
_WHAT_IS_THERE = (
    r"(?:(?:is|are|were) there(?: (?:any|some))?|have you got|(?:are you|do you know) (?:aware )?of"
    r"|do(?:es)? (?:you|anyone|anybody|we|they) (?:have|know(?: of)?|offer|got|need|see)"
    r"|what(?:['’]s| is| are)? (?:available|around|out there|open|new)"
    r"|(?:that|which|who) (?:is|are|were|was)(?: (?:hiring|open|available))?"
    r"|if (?:there are|you have) any)"
)
_MANNERS = (
    r"(?:thank(?:s| you)(?: (?:a lot|so much|very much|in advance|you))?|cheers|if possible"
    r"|right now|at the moment|at present|these days|as soon as possible|asap|out there)"
)
_YEARS = (
    r"(?:(?:i|we)(?:['’]ve| have)(?: got)?|with|having)"
    r"(?: (?:over|about|around|more than|at least|nearly|almost))?"
    r" (?:\d{1,2}\+?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty"
    r"|many|some|several|a few) (?:years?|yrs?)['’]?(?: of)?"
    r"(?: (?:work(?:ing)? |professional |relevant )?experience)?(?: (?:in|with|of|as|using|doing)"
    r"(?: an?)?)?"
)
_ON_WITH = (
    r"(?:and|but|so|now|then|also|instead|next) "
    r"(?:(?:and|so|also|now|then|just|still|please) ){0,3}"
)
_GOING_ON = (
    rf"(?:{_ON_WITH}(?:want(?:ed|ing)?|need|wish|hope|hoping|looking|searching|would like|seeking)"
    rf"(?: {_TO_DO}| for| to)?"
    rf"|(?:(?:now|then|instead|next|so) ){{1,3}}{_ASK}"
    rf"|and {_ASK}(?= (?:an?|any|some|the|new|jobs?|work|roles|vacancies|openings)\b))"
)
# Dropped wherever they stand.
ANYWHERE = re.compile(
    rf"(?<![\w-])(?:{_YEARS}|{_GOING_ON}|{_WISH}(?: {_TO_DO})?(?: {_ASK})?|{_MAY_YOU} {_ASK}"
    rf"|(?:please|pls|plz|kindly)(?: {_ASK})?|help me(?: to)? {_ASK}|let me (?:see|know)"
    r"|(?:looking|searching|hunting|seeking|in search)(?: (?:for|of))?(?= )"
    rf"|(?<=[.!?] ){_ASK}|{_MANNERS}|{_WHAT_IS_THERE}|{_WHO_HIRES}"
    r"|(?:now|currently|urgently) (?:hiring|recruiting)"
    r"|as an?|(?:a )?(?:job|work|role|position|career|jobs|roles|positions) as(?: an?)?)"
    r"(?![\w'’-])",
    re.IGNORECASE,
)
# Dropped where the request begins.
FIRST = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|dear \w+|ok|okay|so|well|yes|um|uh)"
    rf"(?: (?:there|all|everyone|team))?(?=[ ,.!]|$)|{_ASK}"
    r"|(?:need|want|wanted|needed|wanna|got|hiring|recruiting|interested in|after)(?: to)?"
    r"|where (?:can|do|could) (?:i|we|you) (?:find|get|see|work|apply|look)(?: as| for)?"
    r"|(?:what|which|how many)(?: (?:kinds?|sorts?|types?) of)?"
    r"(?: (?:about|other|companies|employers|firms))?"
    rf"|(?:and|but|so|just|only|now|then|instead|also|simply|rather)(?= (?:{_ASK})(?: |$))"
    r"|who (?:hires|employs|needs|wants)|how (?:do|can|could) (?:i|we) (?:find|get)"
    r"|(?:i am|i['’]m|im) an?|let['’]?s (?:find|see|look for|search for))(?![\w'’+#&-])",
    re.IGNORECASE,
)
# Kinds of work to keep away from, to the end of their part. "Not for profit" is a kind of employer.
UNWANTED = re.compile(
    r"(?<![\w-])(?:(?:but|just|only|and) )?(?:not|nothing|except(?:ing)?|excluding|other than"
    r"|apart from|(?:any|every)thing (?:but|except))(?: (?:those|ones|jobs|any|anything|the ones))?"
    r" (?:in|for|with|at|from|involving)(?! profit)(?: (?!but\b|only\b)[\w'’&+#/-]+)+",
    re.IGNORECASE,
)
# Adverts by their names, of which the plural always goes.
ADVERTS = words_listed("""
jobs positions openings vacancies postings listings gigs employment vacancy adverts ads roles
opportunities opportunity
""")
# These go at an end, or before a word that only joins.
ADVERTS_AT_ENDS = words_listed("""
job position opening role work posting gig career careers advert offer offers working employed
listing posts post
""")
KEPT_WORK = words_listed("""
social youth case community sex metal wood steel field stone ground shift wage
""")
KEPT_AFTER_ADVERT = words_listed("""
coach coaches coaching analyst evaluator trainer advisor adviser advisers counsellor counselor
experience planner study setter estimator costing shop center centre consultant visa permit
""")
JOINING = words_listed("""
in for as at on with from near to by around within of into that which who and or but please about
where using since without is are available paying under through via doing not while
""")
# Nothing of these begins or ends what is looked for.
EMPTY = words_listed("""
a an the and or but also as of please any some me my i is are be been that which who there just
only maybe perhaps currently available like to so then now something anything nothing going ones one
both either
preferably ideally posted hiring urgently today's around me's somewhere what's am based located if
these stuff things thing i'm im we're i've where can could those do have you we our would
""")
EMPTY_FIRST = words_listed("""
in for on at from near around into within about to by with of
""")
EMPTY_LAST = words_listed("""
in for on at from near around into within about to by with of since without it's open thing stuff
ok okay not that's going wanted needed required
""")
# They praise or date the advert, not the work; kept in "new media", "open source".
PRAISE = words_listed("""
new latest newest recent fresh good great best nice decent interesting suitable current open more
other few lots all every plenty several different relevant similar further local
""")
PRAISE_KEPT_BEFORE = words_listed("""
source media graduate graduates grad grads business york home homes build car product products
market food produce university learning hire accounts rounder round buy practice practices data
government authority council news
""")

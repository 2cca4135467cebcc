"""The words that introduce a place, end its name, or say that none is meant."""

from __future__ import annotations

import re

from ml_service.intents.slots.word_lists import words_listed

_DISTANCE = (
    r"(?:\d{1,3}|an?|half an)[ -]?(?:miles?|mi|km|kms|kilomet(?:er|re)s?|minutes?|mins?|hours?)"
)
_NEAR = (
    r"(?:near(?:by)?(?: to)?|close to|not far from|around|in the vicinity of"
    rf"|(?:within|up to|max(?:imum)?) "
    rf"(?:{_DISTANCE}|(?:a )?(?:commut|walk|driv|cycl)\w+ distance|reach)"
    r"(?: radius)?(?: (?:of|from|around|to))?"
    rf"|{_DISTANCE} (?:of|from|around)|commutable (?:from|to))"
)
_IN = (
    r"(?:(?:(?:only|somewhere|anywhere|preferably|ideally|based|located|situated|living) )?"
    r"(?:in|inside|within|across|throughout|all over|based out of)|outside(?: of)?"
    r"|(?:relocat\w+|mov\w+) to)"
)
_WEAK = r"(?:at|from|to|on|for|@)"
CUE = re.compile(
    rf"(?<![\w-])(?:(?P<near>(?:{_IN}(?:,| or| and|/) ?)?{_NEAR})|(?P<inside>{_IN})"
    rf"|(?P<weak>{_WEAK}))"
    r"[ ]+(?=[\w\"“'‘(])",
    re.IGNORECASE,
)
_NOT = (
    r"(?:(?:any|every)where but"
    r"|(?:except(?:ing)?|excluding|other than|apart from|aside from)(?: for)?"
    r"|(?:but )?(?<!if )(?<!why )(?<!or )not|nothing|avoid(?:ing)?|away from"
    r"|(?:i |we )?(?:do not|don['’]?t|never) want"
    r"(?: to (?:be|commute|go|live|move|relocate|work))?)"
)
_OUTSIDE = r"(?<!just )(?<!right )(?<!not )(?<!or )outside(?: of)?"
# A place to keep away from. The groups are those of ``CUE``.
AVOIDED = re.compile(
    rf"(?<![\w-])(?:(?P<near>{_NOT} {_NEAR})|(?P<inside>{_NOT} (?!only|outside){_IN}|{_OUTSIDE})"
    rf"|(?P<weak>{_NOT}(?: {_WEAK})?))"
    r"[ ]+(?=[\w\"“'‘(])",
    re.IGNORECASE,
)
NOWHERE = re.compile(
    r"(?<![\w-])(?:(?:(?:near(?:by)?|close to|around|by|in) (?:me|here|where i (?:live|am)|"
    r"my (?:house|place|home|area|city|town|region|location)|this (?:area|city|town)"
    r"|home(?! (?!and\b|or\b|but\b|please\b|with\b|for\b|as\b|that\b|which\b)\w))"
    r"|(?:near(?:by)?|close to|around|by) (?-i:us))"
    r"(?! office)|nearby|close by|locally|in the (?:area|neighbou?rhood)"
    r"|(?:from )?anywhere(?: else)?(?: (?:in|around|across) the (?:whole )?world)?"
    r"|(?:in|around|across|all over) the (?:whole )?world|world ?wide|globally|everywhere"
    r"|(?:in |at )?any (?:location|place|city|country)|location (?:does(?: not|n['’]t) matter"
    r"|is not important|flexible)|wherever|nationwide"
    r"|(?:abroad|overseas)(?! (?!as\b|for\b)\w))"
    r"(?!\w| (?:in|near|around|across|within) (?!the world))",
    re.IGNORECASE,
)
# Where somebody is or leaves, which counts only where no other place is named.
BACKGROUND = re.compile(
    r"(?<![\w-])(?:(?:(?:i|we)(?:['’](?:m|ve|re)|m)? )(?:(?:am|are|was|were|have|currently|now|just"
    r"|still|been|used to) )*)?(?:(?:live|lived|living|reside|residing|born|grew up|raised"
    r"|stud(?:y|ied|ying)|staying) (?:in|near|around|at)\b"
    r"|(?:(?:mov|relocat|commut|transferr|com)\w+ "
    r"|(?:move|relocate|come|originally) )?(?:out of|away from|from)\b)"
    r"|(?<![\w-])(?:i|we)(?:['’](?:m|re)|m| am| are)(?: (?:currently|now))* (?:based )?in\b",
    re.IGNORECASE,
)
ARTICLES = words_listed("a an my our your their this that any some which what all one no")
# No name goes on with these.
STOP = words_listed("""
a an and or but for as at in on with that which who where whose since please from to is are paying
posted starting start within near around by i my me we want need looking if not no only ideally
preferably asap now jobs job positions position openings opening vacancies vacancy roles role work
postings listings gigs opportunities employment hiring thanks thank you using doing any some also
can do have remote available while when because so there without who's of
""")
# Before a name: "central London".
PARTS = words_listed("""
central downtown greater inner outer north south east west northern southern eastern western upper
lower north-west north-east south-west south-east northwest northeast southwest southeast upstate
rural mid midtown metropolitan old
""")
# Inside a name: "Frankfurt am Main".
JOINTS = words_listed("de of upon on am la le les del the do da")
WHOLES = re.compile(
    r"(?:the )?(?:\w+ )?(?:city|cent(?:re|er)|heart|state|region|county|outskirts|suburbs|area|"
    r"province|canton|middle) of (?:the )?",
    re.IGNORECASE,
)
AREAS = words_listed("area areas region metro metropolitan")
# Behind a name that is told without them.
CENTRES = words_listed("city centre center town")
# A name that ends or begins so is a place behind "at" and "on".
SITES = words_listed("airport station island isle")
# Behind a name these make it something else than where the work is.
NOT_PLACES = words_listed("""
dynamics underground times bank united airlines university citizens citizen passport visa tax army
navy embassy gaap speaking speaker speakers language history post today
""")
# Before ", TX" these belong to the name: "San Angelo, TX".
FIRST_OF_TWO = words_listed("""
san santa st saint los las new fort port el grand salt palm west east north south lake mount cape
little baton des cedar ann colorado long corpus virginia kansas oklahoma jersey iowa sioux
""")

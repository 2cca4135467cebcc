"""Requests for jobs and what they ask for, written for the rules of ``intents/slots``.

A line is ``text | query | location | remote | employment types | date posted``; what is not
asked for is left empty, or out at the end. A country is the last, as ``@gb``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from ml_service.domain.posting import DatePosted, EmploymentType, JobQuery

_REMOTE = {"yes": True, "no": False, "": None}


@dataclass(frozen=True, slots=True)
class SlotCase:
    text: str
    job_query: JobQuery


def _case(line: str) -> SlotCase:
    parts = [part.strip() for part in line.split("|")]
    country = parts.pop()[1:] if parts[-1].startswith("@") else None
    text, query, location, remote, kinds, date_posted = parts + [""] * (6 - len(parts))
    job_query = JobQuery(
        query=query,
        location=location or None,
        country=country,
        remote=_REMOTE[remote],
        employment_types=cast("tuple[EmploymentType, ...]", tuple(kinds.split())),
        date_posted=cast("DatePosted", date_posted or "all"),
    )
    return SlotCase(text, job_query)


def _cases(table: str) -> tuple[SlotCase, ...]:
    return tuple(_case(line) for line in table.strip().splitlines())


EVERYTHING = _cases("""
remote python jobs in Berlin since last week | python | Berlin | yes | | week
find me part-time nursing work near Leeds posted today | nursing | Leeds | | PARTTIME | today
internships for design students in New York? | design students | New York | | INTERN | @us
show on-site welder openings, contract, last 3 days | welder | | no | CONTRACTOR | 3days
jobs
full-stack developer, full time, Austin, TX | full-stack developer | Austin, TX | | FULLTIME | @us
HGV driver - Hull - full time - posted yesterday | hgv driver | Hull | | FULLTIME | today
editor, work from home, freelance, this week please | editor | | yes | CONTRACTOR | week
Florist, on-site only, Ghent, since Friday | florist | Ghent | no | | week
remote; python; last 24h | python | | yes | | today
REMOTE FULL-TIME CUSTOMER SERVICE | customer service | | yes | FULLTIME
welder, fully remote, Europe, full-time contract | welder | Europe | yes | FULLTIME CONTRACTOR
I'd like a full-time job as a baker in Lyon | baker | Lyon | | FULLTIME
I am a senior cook in Berlin and I want a part time job | senior cook | Berlin | | PARTTIME
new grad software engineer nyc posted this week | new grad software engineer | nyc | | | week | @us
python jobs in new york or boston from the last 2 weeks | python | new york | | | month | @us
hotel manager in Nice, France, within the last week | hotel manager | Nice, France | | | week | @fr
""")

PLACES = _cases("""
python developer berlin | python developer | berlin
Nurse London | nurse | London
Nurse, London, UK | nurse | London, UK | @gb
truck driver Houston TX | truck driver | Houston TX | @us
welder Beaumont, TX | welder | Beaumont, TX | @us
NYC bartender gigs | bartender | NYC | @us
Berlin-based junior designer | junior designer | Berlin
new york nursing jobs | nursing | new york | @us
jobs in Georgia | | Georgia
jobs in CA for teachers | teachers | CA
jobs in the states for engineers | engineers | states | @us
senior data analyst roles in the UK | senior data analyst | UK | @gb
I'm looking for a position in data science in the Bay Area | data science | Bay Area
nurse in the Seattle area | nurse | Seattle
chemistry teacher in South London | chemistry teacher | South London
bartender in downtown Chicago | bartender | downtown Chicago
data engineer in Frankfurt am Main | data engineer | Frankfurt am Main
forklift driver in st. louis, mo | forklift driver | st. louis, mo | @us
We need jobs in Rio de Janeiro | | Rio de Janeiro
registered nurse near 90210 | registered nurse | 90210
work in wolverhampton for electricians | electricians | wolverhampton
physics teacher in hemel hempstead | physics teacher | hemel hempstead
bus driver in st helens | bus driver | st helens
care assistant nights stoke on trent | care assistant nights | stoke on trent
Data Analyst Jobs In Springfield | data analyst | Springfield
WAITER JOBS IN BERLIN | waiter | BERLIN
machine operator, night shift, near Kassel | machine operator, night shift | Kassel
jobs in healthcare within 10 miles of Leeds | healthcare | Leeds
veterinary nurse within 25 km of Utrecht | veterinary nurse | Utrecht
jobs within an hour of Guildford | | Guildford
jobs within commuting distance of Cambridge | | Cambridge
any work for a plasterer in or around Stockport? | plasterer | Stockport
chef at heathrow airport | chef | heathrow airport
I'm based in Lisbon and looking for product manager roles | product manager | Lisbon
data scientist living in Austin | data scientist | Austin
I want to move to Canada as a cook | cook | Canada | @ca
work as a waiter in the city of York | waiter | York
warehouse work in the north east | warehouse | north east
software engineer jobs anywhere in Germany | software engineer | Germany | @de
freelancer gigs for writers, anywhere | writers | | | CONTRACTOR
electricians, anywhere in the world | electricians
who is hiring electricians near me | electricians
chef in Newcastle upon Tyne or Durham | chef | Newcastle upon Tyne
marketing manager openings in London, Manchester or Leeds | marketing manager | London
physical therapist jobs in Bend, Oregon | physical therapist | Bend, Oregon | @us
Head of Sales EMEA | head of sales | EMEA
sales rep (Toronto) | sales rep | Toronto
customer support german speaking lisbon | customer support german speaking | lisbon
what kind of jobs can I get in Malmö as a carpenter | carpenter | Malmö
PHP developer in Split, Croatia | php developer | Split, Croatia | @hr
nurse in reading | nurse | reading
Marketing assistant, Reading | marketing assistant | Reading
Paris | | Paris
baker jobs in Camden, London | baker | Camden, London
baker in camden or islington | baker | camden
baker jobs within walking distance of Camden | baker | Camden
mechanic in galway city | mechanic | galway
security guard at Schiphol Airport | security guard | Schiphol Airport
hospitality work on the Isle of Skye | hospitality | Isle of Skye
nurses, nationwide | nurses
teaching jobs overseas | teaching
overseas sales agent | overseas sales agent
""")

NO_PLACES = _cases("""
jobs in IT | it
jobs in marketing in Manchester | marketing | Manchester
anything in accounting around manchester? | accounting | manchester
jobs in the public sector | public sector
jobs in Wales in the public sector | public sector | Wales | @gb
English teacher in Japan | english teacher | Japan | @jp
mobile developer | mobile developer
nurse reading | nurse reading
job paying around 50k in Dallas | paying around 50k | Dallas
delivery driver around 20 hours a week in cardiff | delivery driver around 20 hours a week | cardiff
lecturer at the University of Leeds | lecturer at the university of leeds
Jobs at Google | google
work in a bakery | bakery
career adviser at a college in Leeds | career adviser at a college | Leeds
front desk agent at a hotel in Naples, Italy | front desk agent at a hotel | Naples, Italy | @it
jobs for US citizens | us citizens
in-house counsel, Amsterdam | in-house counsel | Amsterdam
software development engineer in test in Seattle | software development engineer in test | Seattle
C++ developer in C++ shops | c++ developer in c++ shops
roofers near the coast | roofers near the coast
PA to the CEO in London | pa to the ceo | London
jobs for me
""")

AVOIDED = _cases("""
python jobs, not in Berlin | python
remote python jobs outside the US | python | | yes
anywhere but London
nurse, except in Leeds | nurse
nurse in Yorkshire except Leeds | nurse | Yorkshire
cook but not in London or Paris | cook
midwife, Scotland, excluding Glasgow | midwife | Scotland | @gb
driver not London but Manchester | driver | Manchester
teacher anywhere but in central London | teacher
I don't want to work in Munich, show me baker jobs in Bonn | baker | Bonn
carer, not Leeds, York please | carer | York
welder, except Leeds, Bradford and Hull | welder
joiner not near Oxford | joiner
roofer outside of London area | roofer
analyst not only in London | analyst | London
cook, just outside London | cook | London
reporter, not US citizens | reporter, not us citizens
python, not java | python, not java
""")

WORK_PLACES = _cases("""
remote | | | yes
Looking for remote work | | | yes
I want to work from home as a translator | translator | | yes
maths tutor work i can do from home | maths tutor | | yes
telecommute medical coder | medical coder | | yes
home-based data entry clerk | data entry clerk | | yes
wfh copywriter | copywriter | | yes
home office accountant | accountant | | yes
work from anywhere developer | developer | | yes
Java developer (remote, EU) | java developer | EU | yes
Remote in Texas: bookkeeper | bookkeeper | Texas | yes | @us
remote python developer US only | python developer | US | yes | @us
UX/UI designer in Copenhagen or remote | ux/ui designer | Copenhagen | yes
dog walker no commute | dog walker | | yes
software engineer, no remote | software engineer | | no
not remote: sales rep, Denver | sales rep | Denver | no
I don't want remote work, just a bakery job in Ghent | bakery | Ghent | no
kindergarten teacher, on site, Munich | kindergarten teacher | Munich | no
in office receptionist Leeds | receptionist | Leeds | no
receptionist in the office | receptionist | | no
teller, in person | teller | | no
UX/UI designer remote or on-site | ux/ui designer
tester, remote or not | tester
remote sensing scientist | remote sensing scientist
remote control engineer | remote control engineer
remote pilot | remote pilot
remote area nurse in Queensland | remote area nurse | Queensland | @au
office manager | office manager
jobs in office administration | office administration
home care assistant in Hove | home care assistant | Hove
show me jobs for Home Office caseworkers in Croydon | home office caseworkers | Croydon
""")

EMPLOYMENT = _cases("""
internship | | | | INTERN
intern architect | architect | | | INTERN
trainee placement in nursing | nursing | | | INTERN
industrial placement, chemistry | chemistry | | | INTERN
internship coordinator in Boston | internship coordinator | Boston
internal auditor in Prague | internal auditor | Prague
international sales manager, Barcelona, Spain | international sales manager | Barcelona, Spain | @es
part time or full time barista in Bath | barista | Bath | | PARTTIME FULLTIME
job coach part-time | job coach | | | PARTTIME
fulltime plumber | plumber | | | FULLTIME
freelance illustrator | illustrator | | | CONTRACTOR
Contract software engineer London | software engineer | London | | CONTRACTOR
contractor roles for surveyors | surveyors | | | CONTRACTOR
contract jobs in Oslo | | Oslo | | CONTRACTOR
6-month contract as a tester | tester | | | CONTRACTOR
contract lawyer in Chicago | contract lawyer | Chicago
contract manager full time in Perth | contract manager | Perth | | FULLTIME
contracts administrator | contracts administrator
smart contract auditor remote | smart contract auditor | | yes
permanent contract, joiner | permanent contract, joiner
temporary works engineer | temporary works engineer
no internships please, junior lawyer in Paris | junior lawyer | Paris
paralegal (London) - no contract | paralegal | London
""")

DATES = _cases("""
jobs since yesterday | | | | | today
nurse, last 24 hours | nurse | | | | today
today's jobs for cooks | cooks | | | | today
roofer past few days | roofer | | | | 3days
roofer in the past three days | roofer | | | | 3days
nurse not older than 3 days in Oslo | nurse | Oslo | | | 3days
barber posted 2 days ago | barber | | | | 3days
barber, last 7 days | barber | | | | week
last week's jobs for plumbers | plumbers | | | | week
jobs since monday in vienna | | vienna | | | week
social work jobs in Bristol this month | social work | Bristol | | | month
jobs added in the past fortnight for midwives | midwives | | | | month
tiler last 30 days | tiler | | | | month
find receptionist in Sliema, Malta since last month | receptionist | Sliema, Malta | | | month | @mt
jobs from last 90 days
first and last and middle shift cook | first and last and middle shift cook
baker, posted a couple of days ago | baker | | | | 3days
recent python jobs | python
baker starting this week in Porto | baker starting this week | Porto
cleaner 3 days a week in Leeds | cleaner 3 days a week | Leeds
less than 20 hours a week, cleaner | less than 20 hours a week, cleaner
USA Today reporter | usa today reporter
""")

REQUESTS = _cases("""
hi, do you have any vacancies for a carer in Milton Keynes? | carer | Milton Keynes
can you please show me any jobs in healthcare | healthcare
could you look for tutor vacancies, term time, in Sheffield? | tutor, term time | Sheffield
what jobs are available for welders in ohio | welders | ohio | @us
who hires pastry chefs in Lyon? | pastry chefs | Lyon
where can I work as a lifeguard in Malta | lifeguard | Malta | @mt
I'm a nurse looking for work in leeds | nurse | leeds
does anyone need a plumber's apprentice in Hull | plumber's apprentice | Hull
help me find work as a gardener around Bath | gardener | Bath
I need a job
I need work asap in Tampa FL | | Tampa FL | @us
zookeeper jobs, please! | zookeeper
electrician wanted in Portland, OR | electrician | Portland, OR | @us
search engine optimisation specialist | search engine optimisation specialist
open source maintainer positions | open source maintainer
show jumper | show jumper
work experience in a hospital near Oxford | work experience in a hospital | Oxford
.NET developer in London | .net developer | London
C# and .NET roles in Zurich | c# and .net | Zurich
R&D chemist | r&d chemist
Sr. Java Developer in Frisco, TX | sr. java developer | Frisco, TX | @us
"data analyst" toronto | data analyst | toronto
dance teacher in Buenos Aires for kids | dance teacher for kids | Buenos Aires
barista jobs with no experience in melbourne | barista with no experience | melbourne
Which companies in Copenhagen are hiring data engineers? | data engineers | Copenhagen
I am a welder. Find me contract work in Aberdeen. | welder | Aberdeen | | CONTRACTOR
are you aware of any tailor jobs in Wigan | tailor | Wigan
Working student marketing Hamburg | working student marketing | Hamburg
???
""")

# Sentences that were read wrongly, in other words.
BESIDES = _cases("""
improve my resume and find me roofing jobs in Dublin | roofing | Dublin
find tiling jobs in Bath and delete my data | tiling | Bath
please check my cv, then show me carpentry work in Lyon | carpentry | Lyon
I want to compare my results, then find tutoring jobs in Graz | tutoring | Graz
review analyst jobs in Leeds | review analyst | Leeds
thanks, now show me part-time jobs | | | | PARTTIME
great, now find welding jobs in Porto | welding | Porto
just show me baker jobs in Bonn | baker | Bonn
I have 5 years of Java and want a job in Rome | java | Rome
we have over ten years of experience in roofing and need work in Oslo | roofing | Oslo
driver with 10 years experience in Hull | driver | Hull
I don't need help with my CV, just show me jobs in Bonn | | Bonn
stop showing me sales jobs, show me nursing ones in York | nursing | York
show me jobs but not in sales
analyst roles, nothing with finance | analyst
teacher, but not for kids, in Linz | teacher | Linz
research fellow, not for profit | research fellow, not for profit
""")

REFUSED = _cases("""
anything but remote python | python | | no
anything except part-time, baker | baker
I'm not looking for freelance, full-time only | | | | FULLTIME
I'm not interested in internships or contract work, plumber in Cork | plumber | Cork
don't show me remote jobs, on-site only, baker | baker | | no
we do not want on-site roles, copywriter please | copywriter | | yes
not interested in Munich, looking for Java in Bremen | java | Bremen
I don't want jobs in Leeds, nursing in York please | nursing | York
""")

HOMES = _cases("""
I live in Ghent but want to work in Madrid as a nurse | nurse | Madrid
moving from Hull to York, any nursing jobs there? | nursing | York
I'm from Poland, need warehouse work in Rotterdam | warehouse | Rotterdam
I studied in Leeds and want to become a teacher in Derby | teacher | Derby
translator, commuting from Reading to Slough | translator | Slough
currently living in Lille, chef work in Paris | chef | Paris
I grew up in Porto, looking for chef work | chef | Porto
we live near Ghent, roofing work there | roofing work | Ghent
""")

NAMED_SO = _cases("""
jobs in Home Depot | home depot
work at home depot in Tulsa | home depot | Tulsa
cashier at Home Bargains | cashier at home bargains
jobs at Remote.com | remote.com
engineer at Remote | engineer at remote
carer in home care in Leeds | carer in home care | Leeds
""")

UNASKABLE_DATES = _cases("""
jobs since 1 May
jobs older than a month
accountant posted on 12/05/2026 | accountant
welder jobs posted after March 3rd in Ohio | welder | Ohio | @us
waiter, adverts since 2023 | waiter
welder posted more than 2 weeks ago | welder
tiler not older than a week | tiler | | | | week
waiter starting from 1 June | waiter starting from 1 june
accounting 9-5 in Bath | accounting 9-5 | Bath
""")

COUNTRIES = _cases("""
jobs in US | | US | @us
jobs in us for welders | welders | us | @us
JOBS IN US | | US | @us
jobs near us
nurse in Germany | nurse | Germany | @de
nurse in Toronto, Canada | nurse | Toronto, Canada | @ca
java jobs India | java | India | @in
carer in Northern Ireland | carer | Northern Ireland | @gb
barista in Vienna, Virginia | barista | Vienna, Virginia | @us
teacher in New South Wales | teacher | New South Wales | @au
San Diego, CA barista | barista | San Diego, CA
cook, not in France | cook
python in Berlin | python | Berlin
""")

ALL = (
    EVERYTHING + PLACES + NO_PLACES + AVOIDED + WORK_PLACES + EMPLOYMENT + DATES + REQUESTS
    + BESIDES + REFUSED + HOMES + NAMED_SO + UNASKABLE_DATES + COUNTRIES
)  # fmt: skip

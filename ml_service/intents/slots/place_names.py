"""Well-known places, for texts that do not tell them by a preposition or a capital letter.

Most places are told by grammar; this list is short on purpose. A name that is also a word
("reading", "mobile") is believed where grammar says so too.
"""

from __future__ import annotations

from ml_service.intents.slots.word_lists import names_listed, words_listed

_CITIES = """
new york city, new york, nyc, manhattan, brooklyn, queens, los angeles, chicago, houston, dallas,
austin, san antonio, san diego, san jose, san francisco, fort worth, seattle, denver, boston,
philadelphia, miami, orlando, tampa, jacksonville, atlanta, charlotte, raleigh, durham, nashville,
memphis, louisville, detroit, minneapolis, saint paul, st. paul, st. louis, st louis, kansas city,
omaha, milwaukee, cleveland, cincinnati, pittsburgh, baltimore, washington dc, washington d.c.,
las vegas, salt lake city, portland, sacramento, oakland, albuquerque, tucson, oklahoma city,
new orleans, columbus, indianapolis, honolulu, anchorage, boise, el paso, palo alto,
silicon valley, long island, santa monica, santa clara, colorado springs, baton rouge,
little rock, jersey city, des moines, virginia beach, london, manchester, birmingham, leeds,
liverpool, sheffield, bristol, newcastle upon tyne, newcastle, nottingham, leicester, glasgow,
edinburgh, aberdeen, dundee, inverness, cardiff, swansea, belfast, brighton and hove, brighton,
southampton, portsmouth, plymouth, exeter, oxford, cambridge, york, milton keynes, stoke on trent,
stoke-on-trent, coventry, bournemouth, norwich, canary wharf, canterbury, heathrow, gatwick,
kingston upon hull, tyne and wear, st albans, croydon, stratford upon avon, wolverhampton,
bradford, luton, northampton, peterborough, dublin, galway, limerick, paris, lyon, marseille,
toulouse, bordeaux, nantes, lille, strasbourg, berlin, hamburg, munich, münchen, cologne, köln,
frankfurt am main, frankfurt, stuttgart, düsseldorf, dusseldorf, leipzig, dresden, hanover,
hannover, nuremberg, nürnberg, bremen, bonn, dortmund, karlsruhe, heidelberg, mannheim, freiburg,
vienna, salzburg, graz, linz, zurich, zürich, geneva, basel, bern, lausanne, amsterdam, rotterdam,
the hague, utrecht, eindhoven, brussels, antwerp, ghent, luxembourg city, madrid, barcelona,
valencia, seville, malaga, bilbao, lisbon, porto, rome, milan, turin, naples, florence, bologna,
venice, athens, istanbul, ankara, warsaw, krakow, kraków, wroclaw, gdansk, prague, brno,
bratislava, budapest, bucharest, cluj-napoca, sofia, belgrade, zagreb, ljubljana, copenhagen,
aarhus, stockholm, gothenburg, malmö, malmo, oslo, bergen, helsinki, tallinn, riga, vilnius,
reykjavik, kyiv, lviv, moscow, toronto, montreal, montréal, vancouver, calgary, ottawa, edmonton,
winnipeg, quebec city, halifax, mexico city, guadalajara, são paulo, sao paulo, rio de janeiro,
buenos aires, santiago, lima, bogota, bogotá, medellin, medellín, sydney, melbourne, brisbane,
perth, adelaide, canberra, auckland, wellington, christchurch, tokyo, osaka, kyoto, seoul, busan,
beijing, shanghai, shenzhen, guangzhou, hong kong, taipei, bangkok, hanoi, ho chi minh city,
kuala lumpur, jakarta, manila, cebu, bangalore, bengaluru, mumbai, delhi, new delhi, gurgaon,
hyderabad, chennai, pune, kolkata, ahmedabad, noida, karachi, lahore, islamabad, dhaka, colombo,
kathmandu, dubai, abu dhabi, doha, riyadh, jeddah, kuwait city, tel aviv, jerusalem, beirut,
amman, cairo, casablanca, tunis, lagos, abuja, accra, nairobi, kampala, addis ababa, cape town,
johannesburg, durban, pretoria, worthing, barking, woking, kettering, epping, doncaster,
rotherham, huddersfield, blackpool, bolton, stockport, swindon, ipswich, cheltenham, warrington,
wigan, telford, slough, watford, basingstoke, guildford, middlesbrough, sunderland, hartlepool,
carlisle, blackburn, burnley, oldham, wakefield, harrogate, colchester, chelmsford, southend,
maidstone, hastings, eastbourne, torquay, truro, hereford, fresno, long beach, spokane, tacoma,
reno, tulsa, wichita, greensboro, syracuse, rochester, albany, hartford, newark, knoxville,
chattanooga, charleston, montgomery, bakersfield, scottsdale, plano, irvine, anaheim, santa fe,
st. petersburg, fort lauderdale, ann arbor, saskatoon, gold coast, hobart, surat, jaipur, kochi,
trieste, genoa, palermo, bari, zaragoza, braga, coimbra, poznan, lodz, katowice, innsbruck,
wuppertal, kassel, aachen, augsburg, münster, rennes, grenoble, montpellier, the bronx, bronx,
staten island, soho, camden, islington, hackney, shoreditch, brixton
"""
_REGIONS = """
alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, hawaii,
idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts,
michigan, minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey,
new mexico, new york, north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania,
rhode island, south carolina, south dakota, tennessee, texas, utah, vermont, virginia,
west virginia, wisconsin, wyoming, new england, bay area, san francisco bay area,
pacific northwest, midwest, east coast, west coast, puerto rico, united states of america,
united states, usa, u.s.a., u.s., canada, ontario, quebec, british columbia, alberta, manitoba,
nova scotia, saskatchewan, mexico, united kingdom, uk, u.k., great britain, britain, england,
scotland, wales, northern ireland, yorkshire, cornwall, devon, kent, essex, surrey, sussex,
lancashire, cumbria, norfolk, suffolk, hampshire, cheshire, midlands, west midlands,
east midlands, home counties, isle of wight, isle of man, highlands, ireland, germany,
deutschland, bavaria, saxony, hesse, baden-württemberg, france, brittany, normandy, provence,
spain, catalonia, andalusia, portugal, algarve, italy, tuscany, sicily, lombardy, netherlands,
belgium, flanders, luxembourg, switzerland, austria, tyrol, denmark, sweden, norway, finland,
iceland, poland, czech republic, czechia, slovakia, hungary, romania, bulgaria, greece, croatia,
slovenia, serbia, bosnia and herzegovina, albania, north macedonia, montenegro, kosovo, ukraine,
estonia, latvia, lithuania, malta, cyprus, israel, lebanon, saudi arabia, qatar, kuwait, bahrain,
oman, uae, united arab emirates, egypt, morocco, tunisia, algeria, nigeria, ghana, kenya, uganda,
tanzania, ethiopia, rwanda, senegal, zambia, zimbabwe, botswana, namibia, south africa, india,
karnataka, maharashtra, tamil nadu, kerala, punjab, pakistan, bangladesh, sri lanka, nepal, japan,
south korea, korea, taiwan, thailand, vietnam, cambodia, malaysia, singapore, indonesia, bali,
philippines, australia, new south wales, queensland, tasmania, new zealand, brazil, argentina,
chile, colombia, peru, ecuador, uruguay, costa rica, panama, europe, european union, eu, asia,
africa, south america, north america, latin america, latam, emea, apac, middle east, scandinavia,
dach, benelux, caribbean, balkans, silesia, north east, north west, south east, south west,
northeast, northwest, southeast, southwest, russia, iran, iraq, lincolnshire, hertfordshire,
hong kong
"""
# Parts of cities: a city may stand behind them.
DISTRICTS = names_listed("camden, islington, hackney, shoreditch, brixton, soho, canary wharf")
# Words and names as well: believed behind a preposition, or by a capital letter in running text.
_AMBIGUOUS = """
reading, bath, nice, mobile, orange, split, cork, sale, deal, hull, rugby, derby, lincoln,
phoenix, boulder, buffalo, providence, georgia, jordan, turkey, china, victoria, la, sf, dc, us,
essen, washington, chester, wells, kingston, richmond, lancaster, hove, america, states,
worcester, gloucester, jackson, madison, vic, queens, bergen, perth, cologne
"""
_CODES = """
AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC
ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC ON BC AB QC NS NSW VIC QLD UK US USA EU UAE
"""

REGIONS = names_listed(_REGIONS)
AMBIGUOUS = names_listed(_AMBIGUOUS)
KNOWN = names_listed(_CITIES) | REGIONS | AMBIGUOUS
CODES = words_listed(_CODES.lower())
LONGEST_NAME = max(len(name.split()) for name in KNOWN)
# Codes of two letters that are words in a text without capital letters.
WORD_CODES = frozenset({"in", "or", "me", "hi", "ok", "us", "on", "ma", "pa", "la", "de", "id"})
ENDINGS = (
    "hampton", "borough", "bury", "chester", "cester", "mouth", "shire", "burg", "burgh", "ville",
    "wick", "minster", "stadt", "heim", "hausen", "polis", "abad",
)  # fmt: skip
CAPITALISED_ENDINGS = (*ENDINGS, "ton", "ham", "ford", "field", "dorf", "pool", "stead", "worth")

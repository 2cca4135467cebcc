"""Words that job titles are made of, to tell a headline from a name by its form."""

from __future__ import annotations

import re
from functools import lru_cache

from ml_service.analysis.phrases.folding import WORD, fold

_DISTINCT = (
    # Nouns that name an occupation and are hardly ever a family name or a place.
    "operator technician specialist manager engineer supervisor worker teacher analyst assistant "
    "mechanic inspector director officer coordinator instructor installer representative "
    "attendant assembler consultant designer agent associate tester counselor counsellor "
    "scientist technologist therapist administrator examiner physician laborer developer advisor "
    "adviser superintendent nurse planner writer artist investigator pilot processor dispatcher "
    "painter handler doctor educator filler editor surgeon trainer salesperson appraiser "
    "lecturer "
    "controller collector programmer psychologist professional buyer fabricator auditor "
    "practitioner foreman machinist surveyor estimator secretary chemist producer reporter "
    "photographer researcher electrician librarian tutor decorator interviewer biologist "
    "repairman pathologist economist strategist provider contractor underwriter apprentice "
    "receptionist distributor interpreter translator advocate attorney accountant bookkeeper "
    "assessor clinician detective stylist conductor custodian registrar detailer curator "
    "merchandiser physicist hygienist observer lawyer dancer hostess concierge liaison dentist "
    "sonographer executive illustrator geologist performer caregiver psychiatrist caretaker "
    "recruiter physiologist commissioner agronomist archivist salesman saleswoman journeyman "
    "ambassador intern internship dietitian radiologist audiologist crewman receiver solicitor "
    "typist actuary referee paraprofessional vendor stocker veterinarian optician greeter "
    "seamstress plumber promoter mediator nutritionist meteorologist historian interventionist "
    "announcer publisher lieutenant organizer pharmacist ecologist paralegal copywriter "
    "pediatrician generalist owner partner founder cofounder freelancer entrepreneur principal "
    "president ceo cfo cto coo cio chairman treasurer trustee volunteer student trainee graduate "
    "undergraduate candidate fellow resident scholar professor headmaster faculty lead "
    "expert head chief vp svp avp evp architect instructional ombudsman banker cashier teller "
    "bartender waiter waitress barista housekeeper janitor chauffeur courier esthetician "
    "cosmetologist hairdresser masseuse choreographer musician composer actor actress animator "
    "videographer cinematographer videojournalist journalist columnist blogger influencer "
    "broadcaster athlete lifeguard firefighter policeman paramedic emt phlebotomist midwife "
    "anesthetist optometrist chiropractor orthodontist podiatrist radiographer epidemiologist "
    "statistician mathematician cryptographer devops sysadmin webmaster technologist modeler "
    "merchant wholesaler retailer broker realtor lender adjuster actuarial facilitator "
    "evaluator scheduler expediter inspector rigger roofer welder fitter assembler machinist "
    "operative helper aide clerk chef sous bricklayer electromechanic handyman groundskeeper "
    "leader server dealer seller rep employee mover bookseller keyholder storekeeper scribe "
    "communicator creator manger specilist detailer landscaper horticulturist florist "
    "veterinary zoologist botanist microbiologist geneticist "
    "informaticist "
    # Other languages.
    "ingenieur ingenieurin entwickler entwicklerin buchhalter buchhalterin leiter leiterin "
    "krankenpfleger krankenschwester pflegefachkraft sachbearbeiter sachbearbeiterin berater "
    "beraterin verkäufer verkäuferin kaufmann kauffrau kaufmännischer projektleiter techniker "
    "technikerin lehrer lehrerin assistentin mitarbeiter mitarbeiterin geschäftsführer "
    "softwareentwickler referent referentin arzt ärztin "
    "ingénieur ingénieure développeur développeuse comptable infirmier infirmière enseignant "
    "enseignante vendeur vendeuse gestionnaire responsable directeur directrice technicien "
    "technicienne chargé chargée assistante conseiller conseillère chef "
    "ingeniero ingeniera desarrollador desarrolladora contador contadora enfermero enfermera "
    "profesor profesora vendedor vendedora gerente técnico técnica analista asistente consultor "
    "consultora jefe jefa director directora administrativo administrativa abogado abogada "
    "encargado encargada auxiliar coordinador coordinadora diseñador diseñadora médico "
    "engenheiro engenheira desenvolvedor desenvolvedora enfermeiro enfermeira professora "
    "advogado advogada diretor diretora assistente coordenador coordenadora programador "
    "ingegnere sviluppatore sviluppatrice contabile ragioniere infermiere infermiera insegnante "
    "commesso commessa impiegato impiegata direttore direttrice tecnico responsabile consulente "
    "avvocato "
    "praktikant praktikantin werkstudent werkstudentin auszubildender auszubildende informatiker "
    "informatikerin elektroniker elektronikerin mechatroniker mechatronikerin kellnerin "
    "stagiaire alternant alternante cuisinier cuisinière serveuse ouvrier ouvrière secrétaire "
    "formateur formatrice éducateur éducatrice "
    "contable becario becaria camarero camarera cocinero cocinera recepcionista secretaria "
    "estagiário estagiária cozinheiro cozinheira secretária contabilista "
    "cuoco cameriere cameriera tirocinante stagista operaio operaia segretaria magazziniere"
)
_SHARED = (
    # Occupations that are family names too: they make a title only among title words.
    "baker carpenter cook mason miller smith taylor tailor turner cooper fisher farmer gardener "
    "weaver butcher barber porter parker shepherd hunter carter driver tanner fuller sawyer "
    "thatcher potter glazier archer steward marshal sheriff page butler bishop judge clark "
    "dean sergeant captain major singer brewer chandler chapman dyer harper piper skinner slater "
    "spencer walker ward warden wheeler wright model guard keeper ranger runner player host maid "
    "nanny crew miner painter drafter rider sailor soldier coach dealer trader packer loader "
    "picker sorter cleaner checker printer reader tender cutter grinder layer setter sewer "
    "sander "
    "presser feeder washer roller trimmer finisher builder maker repairer servicer "
    "maintainer man "
    "woman person member hand school bishop king master medic tech rep admin asst mgr"
)
_MODIFIERS = (
    "senior sr junior jr mid entry level principal staff lead leading chief head deputy vice "
    "acting interim assistant associate executive managing general global regional national "
    "international "
    "administration management engineering consulting education "
    "local district area territory branch group team unit department division corporate company "
    "global part full time seasonal temporary contract freelance remote certified registered "
    "licensed chartered qualified experienced professional skilled aspiring independent "
    "self employed retired former graduate substitute adjunct visiting assistant i ii iii iv v "
    "human resources hr finance financial accounting accounts account payable receivable tax "
    "audit "
    "payroll credit collections banking bank investment mortgage loan loans insurance claims "
    "risk "
    "compliance legal law policy regulatory government public relations affairs communications "
    "communication media digital social content brand marketing advertising sales business "
    "development strategy strategic operations operational operation process product production "
    "program programme project projects portfolio planning procurement purchasing supply chain "
    "logistics warehouse inventory distribution transport transportation fleet delivery shipping "
    "customer client consumer guest member membership service services support success care "
    "relationship experience engagement call center centre contact help desk front back office "
    "administrative clerical executive personal data database business intelligence analytics "
    "information technology it technical software hardware web mobile cloud network networks "
    "security cyber cybersecurity systems system infrastructure application applications "
    "solutions "
    "solution platform full stack fullstack frontend backend front-end back-end full-stack java "
    "python net sap oracle sql qa quality assurance control test testing automation machine "
    "learning ai ml ux ui user interface interaction graphic graphics visual creative art arts "
    "design interior fashion apparel textile retail store shop merchandising visual floor "
    "wholesale e-commerce ecommerce online event events conference wedding catering food "
    "beverage "
    "restaurant kitchen bar banquet pastry sushi sous line prep hotel hospitality travel tourism "
    "health healthcare medical clinical nursing patient dental surgical pharmacy laboratory lab "
    "rehabilitation physical occupational speech respiratory radiology mental behavioral "
    "emergency "
    "critical acute primary home hospice community social case family child children youth "
    "school "
    "elementary middle high preschool kindergarten early childhood special education math "
    "science "
    "english history music physical language reading bilingual esl college university academic "
    "admissions student curriculum training learning instructional research scientific "
    "environmental safety ehs energy power electrical electronic electronics mechanical civil "
    "structural chemical industrial manufacturing maintenance facilities facility plant "
    "equipment "
    "field site construction building architectural real estate property leasing land survey "
    "automotive automobile vehicle auto truck bus aviation aircraft airline airport flight "
    "marine "
    "military army navy police fire fitness personal sports athletic wellness yoga "
    "recreation camp "
    "agricultural agriculture farm forestry animal veterinary film video photo photography "
    "broadcast news print publishing editorial copy technical grant proposal fundraising donor "
    "nonprofit outreach advocacy benefits compensation talent acquisition recruiting recruitment "
    "staffing employee labor labour workforce organizational change transformation innovation "
    "improvement lean six sigma business bpo outsourcing finance controller budget cost pricing "
    "revenue treasury asset wealth fund equity securities trading commodities economic "
    "quantitative statistical biomedical biotech pharmaceutical clinical trials scrum agile "
    "mobile ios android game games gaming embedded firmware devops site reliability release "
    "build "
    "configuration implementation integration enterprise erp crm bi etl mainframe unix linux "
    "windows storage telecom telecommunications wireless rf hvac cnc cad piping process welding "
    "heavy diesel small large commercial residential industrial domestic foreign international "
    "immigration criminal civil corporate litigation trust estate court probation correctional "
    "victim women violence sexual assault substance abuse addiction cash night shift day summer "
    "winter student doctoral phd postdoctoral candidate first second third grade key holder "
    "co-op coop work committee board special black belt non commissioned pre sales presales "
    "aftersales inside outside direct door"
)
_CREDENTIALS = (
    "cpa cfa cma mba bba msc bsc ba bs ma ms phd md do dds dvm jd llm esq rn lpn lvn bsn msn "
    "np pa "
    "cna emt pe pmp csm shrm-cp shrm-scp phr sphr cissp cisa ccna ccnp mcse cfp cfe ea aia "
    "leed ap "
    "pmi-acp lcsw lmsw lpc lmft cscs acca aca cissp itil six sigma prince2 bcba crna fnp dnp edd "
    "psyd mph mpa mfa med beng meng fca ca"
)
_CONNECTORS = (
    "of and the for in to at with & a an on der die und für de des du et la le les del y e di da "
    "do em en por para im"
)
_MIN_GLUED = 7
_MAX_HEADLINE_WORDS = 12
_SPLIT = re.compile(r"[\s/&+,()|]+")


def is_headline(text: str) -> bool:
    """True if ``text`` reads as a job title: by one distinct occupation noun, or title words only.

    Family names that are occupations count only beside other title words, so ``Grace Carpenter``
    is none and ``Lead Carpenter`` is.
    """
    words = [fold(word.strip(".:;-–—'\"")) for word in _SPLIT.split(text)]
    words = [word for word in words if word and word not in _CONNECTORS]
    if not words or len(words) > _MAX_HEADLINE_WORDS:
        return False
    if any(_is_distinct(word) for word in words):
        return True
    return len(text) > 1 and all(word in _shared() or word in _modifiers() for word in words)


def names_distinct_occupation(text: str) -> bool:
    """True if a word names an occupation and is hardly ever a family name: ``accountant``."""
    return any(_is_distinct(fold(word)) for word in WORD.findall(text))


def names_shared_occupation(word: str) -> bool:
    """True for a word that is an occupation and a family name: ``Baker``."""
    return fold(word.strip(",.")) in _shared()


def is_credential(text: str) -> bool:
    """True for letters after a name such as ``CPA`` or ``PhD, MBA``."""
    words = [word.replace(".", "") for word in text.casefold().replace(",", " ").split()]
    return bool(words) and all(word in _credentials() for word in words)


def is_title_word(word: str) -> bool:
    """True for occupation nouns and what stands beside them in titles."""
    folded = fold(word)
    return folded in _shared() or folded in _modifiers() or _is_distinct(folded)


def has_occupation(text: str) -> bool:
    """True if one of the words names an occupation, distinct or shared with family names."""
    words = [fold(word) for word in WORD.findall(text)]
    return any(_is_distinct(word) or word in _shared() for word in words)


def _is_distinct(word: str) -> bool:
    """Also plural, hyphenated, and glued to the word before it, as some producers print."""
    known = _distinct()
    if word in known or word.rstrip("s") in known:
        return True
    if word.rsplit("-", 1)[-1] in known:
        return True
    return len(word) > _MIN_GLUED + 3 and word.endswith(_long_endings())


@lru_cache(maxsize=1)
def _distinct() -> frozenset[str]:
    return frozenset(fold(word) for word in _DISTINCT.split())


@lru_cache(maxsize=1)
def _long_endings() -> tuple[str, ...]:
    glued = (word for word in _distinct() if len(word) >= _MIN_GLUED)
    return (*glued, "ologist", "ographer")


@lru_cache(maxsize=1)
def _shared() -> frozenset[str]:
    return frozenset(_SHARED.split())


@lru_cache(maxsize=1)
def _modifiers() -> frozenset[str]:
    return frozenset(_MODIFIERS.split())


@lru_cache(maxsize=1)
def _credentials() -> frozenset[str]:
    return frozenset(_CREDENTIALS.split())

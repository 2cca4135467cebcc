"""The words that head a section, in six languages, and the usual Chinese and Japanese ones."""

from __future__ import annotations

import re
from functools import lru_cache

from ml_service.analysis.phrases.folding import letters_only
from ml_service.analysis.phrases.title_words import names_distinct_occupation
from ml_service.domain.resume import SectionKind

_QUALIFIERS_TEXT = (
    "professional work career relevant related other additional selected key core technical "
    "computer my personal executive general special main major academic formal job current "
    "previous military teaching research industry top hard soft it software business clinical "
    "administrative management leadership functional volunteer community qualifications extra"
)
_QUALIFIERS = tuple(_QUALIFIERS_TEXT.split())

_ENGLISH: dict[SectionKind, str] = {
    "summary": "summary|profile|objective|career objective|objectives|about|about me|overview|"
    "career overview|summary of qualifications|qualifications summary|profile summary|"
    "executive summary|personal statement|career summary|career focus|introduction|synopsis|"
    "background|statement|goal|goals|bio|profiles summary|summary statement|career goal|"
    "career profile|qualifications profile|experience summary|summary of experience|mission",
    "work": "experience|experiences|work experience|work history|employment|employment history|"
    "professional experience|career history|job history|history|employment experience|"
    "professional background|work background|positions held|career progression|internships|"
    "internship|internship experience|internship history|experience highlights|"
    "military service|military experience|career experience|work|employers|jobs",
    "education": "education|educational background|education background|academic background|"
    "academics|academic qualifications|academic qualification|educational qualifications|"
    "educational qualification|education details|academic history|education and training|"
    "academic credentials|studies|schooling|education history|educational history|degrees|"
    "academic profile|scholastic record|scholastics",
    "skills": "skills|skill|competencies|competences|areas of expertise|expertise|highlights|"
    "core qualifications|qualifications|skill highlights|skills summary|summary of skills|"
    "technologies|tools|technology summary|technical summary|technical proficiencies|"
    "proficiencies|technical expertise|areas of strength|strengths|abilities|capabilities|"
    "skill set|skillset|skill sets|technical skill set|technology|tech stack|specialties|"
    "specialities|programming languages|tools and technologies|languages and technologies|"
    "software|areas of knowledge|knowledge|skills used|it knowledge|computer proficiency|"
    "technical proficiency|expertise and skills|core strengths|technical tools|"
    "technical skills and tools|frameworks",
    "certificates": "certifications|certification|certificates|certificate|licenses|license|"
    "licences|credentials|professional development|training|trainings|courses|coursework|"
    "relevant coursework|continuing education|professional licenses|accreditations|"
    "training and development|licensure|professional training|workshops|"
    "certifications and licenses|licenses and certifications",
    "languages": "languages|language|language skills|languages known|known languages|"
    "language proficiency|foreign languages|language competencies",
    "projects": "projects|project|academic projects|personal projects|project experience|"
    "project details|key projects|portfolio|open source|side projects|research projects|"
    "selected projects|project work|major projects|presentations|presentation|"
    "project highlights|research|case studies",
    "awards": "awards|honors|honours|achievements|accomplishments|awards and honors|"
    "recognition|scholarships|distinctions|honors and awards|achievements and awards|"
    "awards and achievements|key achievements|career highlights|career accomplishments|"
    "highlights of achievements|extracurricular achievements|prizes|selected accomplishments",
    "publications": "publications|papers|patents|selected publications|articles|writing|"
    "research publications|publication|conference papers|books",
    "volunteer": "volunteer|volunteering|volunteer work|volunteer experience|community service|"
    "community involvement|civic activities|voluntary work|volunteer activities|leadership|"
    "community|extracurricular activities|extra curricular activities|activities|"
    "leadership experience|leadership and activities|outreach|involvement|social engagement",
    "interests": "interests|hobbies|hobby|personal interests|hobbies and interests|pastimes|"
    "interests and hobbies|activities and interests|fields of interest|interest|"
    "areas of interest",
    "references": "references|reference|referees|recommendations|testimonials|"
    "professional references",
    "other": "personal information|contact|contact information|contact details|personal details|"
    "personal data|personal profile details|contact me|affiliations|memberships|"
    "professional affiliations|professional memberships|additional information|miscellaneous|"
    "declaration|other|other information|address|details|professional associations|social|"
    "associations|links|profiles|find me online|military|security clearance|clearance|"
    "membership|personal dossier|personal particulars|personalia|availability|"
    "professional organizations|organizations|program committees|bio data|contacts|memberships "
    "and affiliations|get in touch|social media|personal",
}

_FOREIGN: dict[SectionKind, str] = {
    "summary": "自我评价|个人简介|自己pr|"
    "profil|kurzprofil|über mich|zusammenfassung|ziele|berufliches profil|"
    "à propos|à propos de moi|profil professionnel|résumé|objectif|objectif professionnel|"
    "perfil|perfil profesional|resumen|objetivo|sobre mí|extracto|resumen profesional|"
    "perfil profissional|resumo|sobre mim|resumo profissional|objetivo profissional|"
    "profilo|profilo professionale|sommario|obiettivo|chi sono|riepilogo",
    "work": "工作经历|工作经验|实习经历|职歴|職歴|"
    "berufserfahrung|beruflicher werdegang|werdegang|praktische erfahrung|erfahrung|"
    "arbeitserfahrung|praktika|berufspraxis|beruflicher hintergrund|"
    "expérience|expériences|expérience professionnelle|expériences professionnelles|"
    "parcours professionnel|stages|"
    "experiencia|experiencia laboral|experiencia profesional|trayectoria profesional|"
    "historial laboral|experiência|experiência profissional|experiências profissionais|"
    "histórico profissional|percurso profissional|trajetória profissional|"
    "esperienza|esperienze|esperienza professionale|esperienze professionali|"
    "esperienza lavorativa|esperienze lavorative|percorso professionale",
    "education": "教育背景|教育经历|学历|学歴|"
    "ausbildung|bildung|bildungsweg|schulbildung|studium|akademischer werdegang|"
    "aus und weiterbildung|schulische ausbildung|bildungsgang|akademische ausbildung|"
    "formation|formations|études|diplômes|parcours académique|formation académique|scolarité|"
    "cursus|diplômes et formations|"
    "educación|formación|formación académica|estudios|educación y formación|titulación|"
    "educação|formação|formação acadêmica|formação académica|escolaridade|estudos|"
    "istruzione|formazione|istruzione e formazione|studi|titoli di studio",
    "skills": "专业技能|技能|スキル|"
    "kenntnisse|fähigkeiten|kompetenzen|fachkenntnisse|edv kenntnisse|it kenntnisse|"
    "kenntnisse und fähigkeiten|besondere kenntnisse|qualifikationen|stärken|"
    "compétences|compétences techniques|compétences clés|savoir faire|informatique|"
    "compétences informatiques|compétences professionnelles|atouts|"
    "habilidades|competencias|aptitudes|conocimientos|destrezas|informática|"
    "habilidades técnicas|conocimientos informáticos|conocimientos técnicos|"
    "competências|habilidades e competências|conhecimentos|competências técnicas|aptidões|"
    "competenze|capacità|conoscenze informatiche|competenze tecniche|abilità|"
    "competenze informatiche|capacità e competenze",
    "certificates": "证书|資格|"
    "zertifikate|zertifizierungen|weiterbildung|weiterbildungen|fortbildungen|"
    "certifications et formations|certificados|certificaciones|cursos|certificaciones y cursos|"
    "certificações|cursos e certificações|certificazioni|certificati|corsi",
    "languages": "语言能力|"
    "sprachen|sprachkenntnisse|fremdsprachen|langues|compétences linguistiques|"
    "idiomas|lenguas|línguas|lingue|conoscenze linguistiche|lingue straniere",
    "projects": "项目经历|项目经验|projekte|projets|proyectos|projetos|progetti",
    "awards": "获奖情况|荣誉奖项|"
    "auszeichnungen|preise|stipendien|distinctions et prix|prix|premios|logros|"
    "reconocimientos|prêmios|prémios|conquistas|premi|riconoscimenti",
    "publications": "veröffentlichungen|publikationen|publicaciones|publicações|pubblicazioni",
    "volunteer": "ehrenamt|ehrenamtliches engagement|engagement|bénévolat|voluntariado|"
    "volontariato|voluntariado e atividades",
    "interests": "interessen|hobbys|hobbies und interessen|interessen und hobbys|"
    "centres d'intérêt|centre d'intérêt|loisirs|intereses|aficiones|interesses|passatempos|"
    "interessi|hobby e interessi",
    "references": "referenzen|références|referencias|referências|referenze",
    "other": "persönliche daten|kontakt|kontaktdaten|angaben zur person|persönliches|sonstiges|"
    "coordonnées|informations personnelles|état civil|contacto|datos personales|"
    "información personal|contato|dados pessoais|informações pessoais|contatti|"
    "dati personali|informazioni personali|informazioni di contatto",
}

_PERSONAL = (
    "contact|contact information|contact details|contact me|contacts|get in touch|"
    "personal information|personal details|personal data|personal|personal dossier|"
    "personal particulars|personal profile details|personalia|bio data|address|details|links|"
    "profiles|social|social media|find me online|declaration|"
    "persönliche daten|kontakt|kontaktdaten|angaben zur person|persönliches|coordonnées|"
    "informations personnelles|état civil|contacto|datos personales|información personal|contato|"
    "dados pessoais|informações pessoais|contatti|dati personali|informazioni personali|"
    "informazioni di contatto"
)

_LAST_WORDS = frozenset(
    {"experience", "skills", "education", "projects", "certifications", "history"}
)
_JOINT = re.compile(r"\s*(?:&|/|,|\+|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bor\b)\s*", re.IGNORECASE)


def heading_kind(text: str) -> SectionKind | None:
    """The kind of section that ``text``, all of it, is the heading of; None if it heads none.

    In "Education and Training" the first part decides, work before all. References stand
    alone, because their section is dropped. Case, accents, spaces and marks are ignored.
    """
    known = _kinds()
    kind = known.get(letters_only(text))
    if kind is not None:
        return kind
    parts = [letters for part in _JOINT.split(text) if (letters := letters_only(part))]
    if len(parts) < 2 or not all(part in known or part in _qualifiers() for part in parts):
        return None
    kinds = [known[part] for part in parts if part in known]
    if "references" in kinds:
        return None
    if "work" in kinds:
        return "work"
    return kinds[0] if kinds else None


def loose_heading_kind(text: str) -> SectionKind | None:
    """The kind that the last word gives, for lines that already look like a heading."""
    words = text.replace(":", " ").split()
    last = letters_only(words[-1]) if words else ""
    return (
        _kinds().get(last) if last in _LAST_WORDS and not names_distinct_occupation(text) else None
    )


def is_personal_heading(text: str) -> bool:
    """True for the sections that say who somebody is and where: contact, personal details."""
    return letters_only(text) in _personal()


def is_english_heading(text: str) -> bool:
    letters = letters_only(text)
    return letters in _kinds() and letters not in _foreign()


def is_foreign_heading(text: str) -> bool:
    """True for a heading of another language that is none in English."""
    return letters_only(text) in _foreign()


@lru_cache(maxsize=1)
def _foreign() -> frozenset[str]:
    english = {letters_only(phrase) for table in _ENGLISH.values() for phrase in table.split("|")}
    phrases = {letters_only(phrase) for table in _FOREIGN.values() for phrase in table.split("|")}
    return frozenset(phrases - english)


@lru_cache(maxsize=1)
def _kinds() -> dict[str, SectionKind]:
    """Every heading by its letters; a phrase of the table wins over qualifier and noun."""
    known: dict[str, SectionKind] = {}
    for kind, phrases in _ENGLISH.items():
        for phrase in phrases.split("|"):
            for qualifier in _QUALIFIERS if " " not in phrase else ():
                known.setdefault(letters_only(qualifier + phrase), kind)
    for table in (_FOREIGN, _ENGLISH):
        for kind, phrases in table.items():
            known.update({letters_only(phrase): kind for phrase in phrases.split("|")})
    return known


@lru_cache(maxsize=1)
def _qualifiers() -> frozenset[str]:
    return frozenset(_QUALIFIERS)


@lru_cache(maxsize=1)
def _personal() -> frozenset[str]:
    return frozenset(letters_only(phrase) for phrase in _PERSONAL.split("|"))

"""Resumes of nobody, each in another language: all sections, dates and jobs are found."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.unit.analysis.people import analysed


@dataclass(frozen=True, slots=True)
class Expected:
    """``jobs`` are title, employer, start, end and whether it goes on; ``studies`` degree, school,
    start and end."""

    language: str
    kinds: tuple[str, ...]
    jobs: tuple[tuple[str, str, str, str | None, bool], ...]
    studies: tuple[tuple[str, str, str | None, str | None], ...]
    languages: tuple[tuple[str, str | None], ...]


KINDS = ("summary", "work", "education", "skills", "certificates", "languages", "interests")

ENGLISH = """Maren Holloway
maren.holloway@example.com | +44 20 7946 0958 | London, UK
Professional Profile
Accountant who keeps the books of small firms and explains them in plain words.
Employment History
Senior Accountant
Northwind Traders Ltd, London, UK | March 2019 – Present
• Closed the books of four firms on the third day of each month
Accounts Assistant
Globex Holdings, Leeds, UK | Sept 2015 – February 2019
• Paid the invoices of ninety suppliers
Academic Background
Bachelor of Science in Accounting
University of Eastmoor | October 2012 – July 2015
Technical Skills
Excel, bookkeeping, payroll
Licenses and Certifications
• Chartered Management Accountant, 2018
Languages
English (native), German (B2)
Hobbies and Interests
Rowing
"""
GERMAN = """Jonas Weidenfeld
jonas.weidenfeld@example.com | +49 30 5550 1234 | 10115 Berlin
Kurzprofil
Buchhalter mit zehn Jahren Erfahrung in der Führung von Konten und der Erstellung von Bilanzen.
Beruflicher Werdegang
Bilanzbuchhalter
Nordwind Handels GmbH, Berlin | März 2019 – heute
• Verantwortlich für die Abschlüsse von vier Gesellschaften und die Steuererklärungen
Buchhalter
Globex AG, Hamburg | 09/2014 bis 02/2019
• Bearbeitung der Rechnungen von neunzig Lieferanten
Ausbildung
Bachelor of Science in Betriebswirtschaftslehre
Universität Ostmoor | Oktober 2011 – Juli 2014
Kenntnisse und Fähigkeiten
Excel, Lohnabrechnung, Mahnwesen
Zertifikate
• Geprüfter Bilanzbuchhalter (IHK), 2018
Sprachen
Deutsch (Muttersprache), Englisch (verhandlungssicher)
Interessen
Rudern
"""
FRENCH = """Élodie Marchandeau
elodie.marchandeau@example.com | +33 6 12 34 56 78 | Lyon, France
Profil
Comptable avec dix ans d'expérience dans la gestion des comptes et la préparation des bilans.
Expérience professionnelle
Responsable comptable
Vent du Nord SARL, Lyon, France | mars 2019 – aujourd'hui
• Clôture mensuelle des comptes de quatre sociétés et préparation des déclarations
Comptable
Société Globex, Paris, France | sept. 2014 à février 2019
• Traitement des factures de quatre-vingt-dix fournisseurs
Formation
Licence en économie
Université de Montclair | octobre 2011 – juillet 2014
Compétences
Excel, tenue de livres, gestion de la paie
Certifications
• Diplôme de comptabilité et de gestion, 2016
Langues
Français (langue maternelle), Anglais (courant)
Centres d'intérêt
Aviron
"""
SPANISH = """Lucía Berrocal Santín
lucia.berrocal@example.com | +34 612 345 678 | Madrid, España
Perfil profesional
Contable con diez años de experiencia en la gestión de cuentas y la preparación de balances.
Experiencia laboral
Jefa de contabilidad
Viento Norte S.A., Madrid, España | marzo de 2019 – actualidad
• Cierre mensual de las cuentas de cuatro sociedades y declaración de impuestos
Contable
Grupo Globex, Sevilla, España | septiembre de 2014 – febrero de 2019
• Pago de las facturas de noventa proveedores
Formación académica
Licenciatura en Economía
Universidad de Montealba | octubre de 2010 – julio de 2014
Conocimientos informáticos
Excel, contabilidad, nóminas
Cursos
• Experto en normas contables, 2018
Idiomas
Español (nativo), Inglés (B2)
Aficiones
Remo
"""
PORTUGUESE = """Beatriz Nogueirão
beatriz.nogueirao@example.com | +351 912 345 678 | Lisboa, Portugal
Perfil profissional
Contabilista com dez anos de experiência na gestão de contas e na preparação de balanços.
Experiência profissional
Coordenadora de contabilidade
Vento Norte Lda, Lisboa, Portugal | março de 2019 – atualmente
• Fecho mensal das contas de quatro empresas e declaração de impostos
Analista contábil
Grupo Globex, Porto, Portugal | setembro de 2014 até fevereiro de 2019
• Pagamento das faturas de noventa fornecedores
Formação acadêmica
Licenciatura em Economia
Universidade de Montealto | outubro de 2010 – julho de 2014
Competências técnicas
Excel, contabilidade, folha de pagamento
Certificações
• Contabilista certificado, 2018
Idiomas
Português (língua materna), Inglês (avançado)
Interesses
Remo
"""
ITALIAN = """Chiara Bellandrini
chiara.bellandrini@example.com | +39 347 555 0134 | Milano, Italia
Profilo professionale
Contabile con dieci anni di esperienza nella gestione dei conti e nella preparazione dei bilanci.
Esperienze lavorative
Responsabile amministrativa
Vento del Nord S.r.l., Milano, Italia | marzo 2019 – oggi
• Chiusura mensile dei conti di quattro società e dichiarazioni fiscali
Contabile
Gruppo Globex, Torino, Italia | settembre 2014 – febbraio 2019
• Pagamento delle fatture di novanta fornitori
Istruzione e formazione
Laurea triennale in Economia
Università di Montealto | ottobre 2011 – luglio 2014
Competenze informatiche
Excel, contabilità, buste paga
Certificazioni
• Revisore contabile, 2018
Lingue
Italiano (madrelingua), Inglese (B2)
Interessi
Canottaggio
"""


def jobs(
    later: tuple[str, str], earlier: tuple[str, str], *, start: str = "2014-09"
) -> tuple[tuple[str, str, str, str | None, bool], ...]:
    return (
        (*later, "2019-03", None, True),
        (*earlier, start, "2019-02", False),
    )


CASES = [
    (
        ENGLISH,
        Expected(
            "en",
            KINDS,
            jobs(
                ("Senior Accountant", "Northwind Traders Ltd"),
                ("Accounts Assistant", "Globex Holdings"),
                start="2015-09",
            ),
            (("Bachelor of Science", "University of Eastmoor", "2012-10", "2015-07"),),
            (("English", "native"), ("German", "B2")),
        ),
    ),
    (
        GERMAN,
        Expected(
            "de",
            KINDS,
            jobs(("Bilanzbuchhalter", "Nordwind Handels GmbH"), ("Buchhalter", "Globex AG")),
            (("Bachelor of Science", "Universität Ostmoor", "2011-10", "2014-07"),),
            (("Deutsch", "Muttersprache"), ("Englisch", "verhandlungssicher")),
        ),
    ),
    (
        FRENCH,
        Expected(
            "fr",
            KINDS,
            jobs(("Responsable comptable", "Vent du Nord SARL"), ("Comptable", "Société Globex")),
            (("Licence", "Université de Montclair", "2011-10", "2014-07"),),
            (("Français", "langue maternelle"), ("Anglais", "courant")),
        ),
    ),
    (
        SPANISH,
        Expected(
            "es",
            KINDS,
            jobs(("Jefa de contabilidad", "Viento Norte S.A."), ("Contable", "Grupo Globex")),
            (("Licenciatura", "Universidad de Montealba", "2010-10", "2014-07"),),
            (("Español", "nativo"), ("Inglés", "B2")),
        ),
    ),
    (
        PORTUGUESE,
        Expected(
            "pt",
            KINDS,
            jobs(
                ("Coordenadora de contabilidade", "Vento Norte Lda"),
                ("Analista contábil", "Grupo Globex"),
            ),
            (("Licenciatura", "Universidade de Montealto", "2010-10", "2014-07"),),
            (("Português", "língua materna"), ("Inglês", "avançado")),
        ),
    ),
    (
        ITALIAN,
        Expected(
            "it",
            KINDS,
            jobs(
                ("Responsabile amministrativa", "Vento del Nord S.r.l."),
                ("Contabile", "Gruppo Globex"),
            ),
            (("Laurea triennale", "Università di Montealto", "2011-10", "2014-07"),),
            (("Italiano", "madrelingua"), ("Inglese", "B2")),
        ),
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[1].language for case in CASES])
def test_sections_dates_and_jobs_of_six_languages(text: str, expected: Expected) -> None:
    profile = analysed(text)
    assert profile.language == expected.language
    assert tuple(section.kind for section in profile.sections) == expected.kinds
    assert (
        tuple((w.position, w.name, w.start_date, w.end_date, w.current) for w in profile.work)
        == expected.jobs
    )
    studies = [(e.study_type, e.institution, e.start_date, e.end_date) for e in profile.education]
    assert tuple(studies) == expected.studies
    spoken = tuple((item.language, item.fluency) for item in profile.spoken_languages)
    assert spoken == expected.languages
    assert len(profile.certificates) == 1
    assert profile.skills[0].name == "Microsoft Excel"
    assert len(profile.skills) == 3
    assert profile.contact.phone is not None
    assert profile.summary is not None
    assert profile.years_experience is not None

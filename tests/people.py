"""Invented people, one per occupation, for generated resumes.

Nobody here exists: telephone numbers are from the ranges kept for fiction, mail and web
addresses from the domains kept for examples (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    position: str
    employer: str
    place: str
    start: str
    end: str
    highlights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    degree: str
    school: str
    years: str


@dataclass(frozen=True, slots=True)
class Person:
    """``soc_codes`` are the O*NET-SOC 2019 codes that a fair reader would accept."""

    name: str
    title: str
    email: str
    phone: str
    place: str
    link: str
    summary: str
    jobs: tuple[Job, ...]
    studies: tuple[Study, ...]
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    languages: tuple[str, ...]
    soc_codes: tuple[str, ...]

    @property
    def file_stem(self) -> str:
        return self.email.partition("@")[0].replace(".", "_")


SOFTWARE_DEVELOPER = Person(
    name="Marta Lindqvist",
    title="Senior Software Engineer",
    email="marta.lindqvist@example.com",
    phone="+1 202 555 0143",
    place="Portland, OR",
    link="https://example.com/mlindqvist",
    summary=(
        "Software engineer with 9 years of experience in backend services, REST APIs and "
        "data pipelines for logistics and payments."
    ),
    jobs=(
        Job(
            "Senior Software Engineer",
            "Northgate Freight Systems",
            "Portland, OR",
            "March 2020",
            "Present",
            (
                (
                    "Designed and built a shipment tracking service in Python and FastAPI "
                    "that answers 4,200 requests a second"
                ),
                "Cut the monthly cloud bill by 31% by moving batch work to spot instances on AWS",
                "Led a team of 5 developers through the split of a monolith into 12 services",
            ),
        ),
        Job(
            "Software Developer",
            "Bluefinch Payments",
            "Seattle, WA",
            "June 2016",
            "February 2020",
            (
                "Wrote the settlement engine in Java and PostgreSQL that clears $18 million a day",
                "Raised test coverage from 42% to 91% and halved the number of production defects",
                "Automated deployment with Docker, Kubernetes and Jenkins",
            ),
        ),
    ),
    studies=(
        Study("Bachelor of Science in Computer Science", "Oregon Coast University", "2012 - 2016"),
    ),
    skills=(
        "Python",
        "Java",
        "PostgreSQL",
        "Docker",
        "Kubernetes",
        "Amazon Web Services AWS",
        "Git",
        "REST APIs",
    ),
    certificates=("AWS Certified Developer",),
    languages=("English", "Swedish"),
    soc_codes=("15-1252.00",),
)

NURSE = Person(
    name="Denise Okonjo",
    title="Registered Nurse",
    email="denise.okonjo@example.org",
    phone="+1 312 555 0187",
    place="Chicago, IL",
    link="https://example.org/dokonjo",
    summary=(
        "Registered nurse with 11 years in intensive care and emergency departments, "
        "known for calm triage and careful charting."
    ),
    jobs=(
        Job(
            "Registered Nurse, Intensive Care Unit",
            "Lakeside Memorial Hospital",
            "Chicago, IL",
            "08/2017",
            "Present",
            (
                "Care for 2 to 3 critically ill patients per shift in a 24-bed intensive care unit",
                "Reduced central line infections by 38% over two years with a bedside checklist",
                "Trained 16 newly graduated nurses in ventilator management",
            ),
        ),
        Job(
            "Staff Nurse, Emergency Department",
            "Saint Brannoc Medical Center",
            "Peoria, IL",
            "05/2013",
            "07/2017",
            (
                "Triaged up to 45 patients a shift and started treatment by protocol",
                "Administered medication and intravenous therapy and monitored vital signs",
                "Documented patient care in Epic with no findings in 3 yearly audits",
            ),
        ),
    ),
    studies=(Study("Bachelor of Science in Nursing", "Prairie State College", "2009 - 2013"),),
    skills=(
        "Patient care",
        "Triage",
        "Medication administration",
        "Ventilator management",
        "Epic Systems",
        "Wound care",
        "Electronic health records",
    ),
    certificates=("Registered Nurse License, Illinois", "Advanced Cardiac Life Support"),
    languages=("English", "French"),
    soc_codes=("29-1141.00", "29-1141.03"),
)

ACCOUNTANT = Person(
    name="Tobias Feldmann",
    title="Senior Accountant",
    email="t.feldmann@example.net",
    phone="+1 617 555 0112",
    place="Boston, MA",
    link="https://example.net/tfeldmann",
    summary=(
        "Accountant with 8 years in general ledger, month-end close and external audit "
        "for manufacturing companies."
    ),
    jobs=(
        Job(
            "Senior Accountant",
            "Harrow & Pike Manufacturing",
            "Boston, MA",
            "Jan 2019",
            "Present",
            (
                "Shortened the month-end close from 9 to 4 business days for 3 legal entities",
                (
                    "Prepared consolidated financial statements under US GAAP "
                    "for $140 million of revenue"
                ),
                "Reconciled 60 balance sheet accounts each month in SAP",
            ),
        ),
        Job(
            "Staff Accountant",
            "Colby Audit Partners",
            "Worcester, MA",
            "Sep 2015",
            "Dec 2018",
            (
                "Audited 25 clients a year and tested internal controls",
                "Found $410,000 of duplicate vendor payments during a procurement review",
                "Prepared corporate tax returns and supporting schedules in Microsoft Excel",
            ),
        ),
    ),
    studies=(
        Study("Master of Science in Accounting", "Charlesbank University", "2013 - 2015"),
        Study("Bachelor of Business Administration", "Charlesbank University", "2009 - 2013"),
    ),
    skills=(
        "General ledger",
        "Account reconciliation",
        "Financial statements",
        "US GAAP",
        "Tax preparation",
        "SAP",
        "Microsoft Excel",
        "QuickBooks",
    ),
    certificates=("Certified Public Accountant",),
    languages=("English", "German"),
    soc_codes=("13-2011.00",),
)

CHEF = Person(
    name="Paolo Quintero",
    title="Executive Chef",
    email="paolo.quintero@example.com",
    phone="+1 305 555 0165",
    place="Miami, FL",
    link="https://example.com/pquintero",
    summary=(
        "Chef with 14 years in hotel and restaurant kitchens, menu planning, "
        "food cost control and the training of young cooks."
    ),
    jobs=(
        Job(
            "Executive Chef",
            "Hotel Marisol",
            "Miami, FL",
            "2016",
            "Present",
            (
                "Run a kitchen of 28 cooks that serves 600 covers on a busy evening",
                "Lowered food cost from 36% to 29% by new menus and daily stock counts",
                "Passed 11 health inspections in a row without a violation",
            ),
        ),
        Job(
            "Sous Chef",
            "Trattoria Vecchia Porta",
            "Tampa, FL",
            "2010",
            "2016",
            (
                "Planned seasonal menus and supervised 9 line cooks",
                "Ordered $12,000 of produce, meat and seafood a week",
                "Trained 20 apprentices in knife work, sauces and food safety",
            ),
        ),
    ),
    studies=(Study("Associate Degree in Culinary Arts", "Gulf Culinary Institute", "2008 - 2010"),),
    skills=(
        "Menu planning",
        "Food safety",
        "Food cost control",
        "Kitchen supervision",
        "Inventory management",
        "Catering",
        "Recipe development",
    ),
    certificates=("ServSafe Manager",),
    languages=("English", "Spanish", "Italian"),
    soc_codes=("35-1011.00",),
)

TEACHER = Person(
    name="Zoë Brightwell-Reid",
    title="High School Mathematics Teacher",
    email="zoe.brightwell@example.org",
    phone="+44 20 7946 0321",
    place="Austin, TX",
    link="https://example.org/zbrightwell",
    summary=(
        "Secondary school teacher of mathematics with 10 years in public schools, "
        "advanced placement calculus and curriculum planning."
    ),
    jobs=(
        Job(
            "High School Mathematics Teacher",
            "Cedar Bluff High School",
            "Austin, TX",
            "August 2015",
            "Present",
            (
                "Teach algebra and calculus to 150 students in 5 classes a year",
                "Raised the pass rate in advanced placement calculus from 58% to 83%",
                "Wrote lesson plans and tests that 14 colleagues of the district now use",
            ),
        ),
        Job(
            "Secondary School Teacher",
            "Willow Run Academy",
            "San Marcos, TX",
            "August 2012",
            "June 2015",
            (
                "Taught geometry and statistics in grades 9 to 11",
                "Met 90 families a term about the progress of their children",
                "Coached the mathematics team to 2nd place of 40 schools",
            ),
        ),
    ),
    studies=(
        Study("Master of Education", "Hill Country University", "2010 - 2012"),
        Study("Bachelor of Arts in Mathematics", "Hill Country University", "2006 - 2010"),
    ),
    skills=(
        "Classroom management",
        "Lesson planning",
        "Curriculum development",
        "Calculus",
        "Student assessment",
        "Google Classroom",
        "Microsoft PowerPoint",
    ),
    certificates=("Texas Educator Certificate, Mathematics 7-12",),
    languages=("English",),
    soc_codes=("25-2031.00",),
)

ELECTRICIAN = Person(
    name="Ray Abernathy",
    title="Journeyman Electrician",
    email="ray.abernathy@example.net",
    phone="+1 719 555 0138",
    place="Denver, CO",
    link="https://example.net/rabernathy",
    summary=(
        "Licensed electrician with 12 years in commercial and residential wiring, "
        "motor controls and fault finding."
    ),
    jobs=(
        Job(
            "Journeyman Electrician",
            "Summit Ridge Electric",
            "Denver, CO",
            "04/2014",
            "Present",
            (
                (
                    "Installed wiring, conduit and panels in 35 commercial buildings "
                    "by the National Electrical Code"
                ),
                "Found and repaired faults in motor controls and lighting circuits up to 480 volts",
                "Led crews of 4 and finished 92% of jobs on or ahead of schedule",
            ),
        ),
        Job(
            "Apprentice Electrician",
            "Castle Peak Contractors",
            "Pueblo, CO",
            "03/2010",
            "03/2014",
            (
                "Pulled cable, bent conduit and mounted fixtures in 120 new homes",
                "Read blueprints and wiring diagrams and ordered materials worth $8,000 a month",
                "Completed 8,000 hours of training without a lost-time accident",
            ),
        ),
    ),
    studies=(Study("Diploma in Electrical Technology", "Front Range Trade School", "2009 - 2010"),),
    skills=(
        "Electrical wiring",
        "Conduit bending",
        "Blueprint reading",
        "Motor controls",
        "Circuit testing",
        "National Electrical Code",
        "Programmable logic controllers",
    ),
    certificates=("Journeyman Electrician License, Colorado", "OSHA 30"),
    languages=("English",),
    soc_codes=("47-2111.00",),
)

PEOPLE: tuple[Person, ...] = (
    SOFTWARE_DEVELOPER,
    NURSE,
    ACCOUNTANT,
    CHEF,
    TEACHER,
    ELECTRICIAN,
)

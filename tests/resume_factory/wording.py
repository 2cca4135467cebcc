"""Words that invented resumes are made of.

Telephone numbers come from the ranges that regulators keep for fiction, addresses on the
network from the domains kept for examples (RFC 2606). Names combine at random within an origin.
"""

from __future__ import annotations

from dataclasses import dataclass

NAMES: dict[str, tuple[str, str]] = {
    "polish": ("Agnieszka Tomasz Kinga", "Wrona Sikorek Bednarz"),
    "swedish": ("Åsa Torbjörn Ebba", "Lindqvärn Ekdalen Sjöholt"),
    "spanish": ("Nuria Íñigo Begoña", "Carrasquedo Ibáñez-Luna Peñalver"),
    "portuguese": ("Inês Gonçalo Thaís", "Valadares_Pinho Conceição Seabrinha"),
    "german": ("Käthe Jürgen Annelore", "Grünhagen Weißkopf Oberlechner"),
    "french": ("Maëlle Étienne Solène", "Charbonnel Lefèvrier d'Aubrac"),
    "italian": ("Ornella Duccio Fiammetta", "Bellandri De_Rosalba Tronchetta"),
    "irish": ("Saoirse Fionn Róisín", "O'Dunmurry MacGarvan Brennagh"),
    "english": ("Harriet Rupert Imogen", "Thistlewick Ashcombe-Hale Penhallow"),
    "nigerian": ("Ngozi Babatunde Ifeoma", "Adeyinkola Okwuchi Ezenwata"),
    "ghanaian": ("Akosua Kwabena Esi", "Boatemaa Nyarkoh Asantewa"),
    "ethiopian": ("Selamawit Dawit Hiwot", "Gebreyes Tessemma Wolderufa"),
    "arabic": ("Nadia Tariq Samira", "El-Khoubri Al_Rahmani Benyoussef"),
    "persian": ("Shirin Kaveh Laleh", "Farrokhan Moshiriyan Tavallaei"),
    "turkish": ("Elif Cem Defne", "Karabörk Yildizer Özdemirel"),
    "indian": ("Ananya Vikram Meenakshi", "Raghunandan Chatterwal Pillaiyar"),
    "pakistani": ("Zainab Faisal Mahnoor", "Qureshani Malikzai Chaudhrey"),
    "chinese": ("Meiling Jianhong Xiaoyu", "Ouyang Zhengwei Szeto"),
    "japanese": ("Haruka Kenjiro Chiyo", "Morikubo Takanezawa Ishidori"),
    "korean": ("Ji-woo Min-seok Hae-rin", "Namgoong Baekho Seonwoo"),
    "vietnamese": ("Thuy Quang Linh", "Nguyenh Phamvu Dangthi"),
    "filipino": ("Marisol Crisanto Ligaya", "Dimaculang Batongbakal Magsaysey"),
    "dutch": ("Fenna Joost Marijke", "van_der_Wielen Kuijpersma de_Blauw"),
    "greek": ("Kalliope Stavros Eleni", "Papadimou Karavellas Theodorakou"),
    "hawaiian": ("Leilani Kaimana Noelani", "Kahalewai Makanani Puuwai"),
}

PLACES = (
    "Portland, OR",
    "Leeds, United Kingdom",
    "Lyon, France",
    "Austin, TX",
    "Gdynia, Poland",
    "Hamburg, Germany",
    "Galway, Ireland",
    "Savannah, GA",
    "Accra, Ghana",
    "Pune, India",
    "Toronto, ON",
    "Porto, Portugal",
    "Des Moines, IA",
    "Valencia, Spain",
    "Utrecht, Netherlands",
    "St. Paul, MN",
    "Osaka, Japan",
    "Cebu City, Philippines",
    "Bologna, Italy",
    "New Haven, CT",
)

PHONES = (
    # As written, as dialled: XX is filled in.
    ("+1 202 555 01XX", "+1202555 01XX"),
    ("(202) 555-01XX", "+1202555 01XX"),
    ("202-555-01XX", "+1202555 01XX"),
    ("+44 20 7946 09XX", "+4420794609XX"),
    ("+44 (0)20 7946 08XX", "+4420794608XX"),
    ("+49 30 231250XX", "+4930231250XX"),
    ("+33 1 99 00 12 XX", "+3319900 12XX"),
    ("+61 2 5550 44XX", "+6125550 44XX"),
    ("+353 20 911 11XX", "+35320911 11XX"),
    ("+46 8 465 004 XX", "+468465004XX"),
)

LINKS = (
    "https://example.com/{handle}",
    "www.example.org/{handle}",
    "example.net/in/{handle}",
)
MAIL_DOMAINS = ("example.com", "example.org", "example.net")

EMPLOYERS = (
    "Northgate Freight Systems",
    "Quillmark Ltd",
    "Harrowfield Textiles",
    "Veltrano GmbH",
    "Blue Lantern Logistics",
    "Nimbrell & Sons",
    "Tidewater Credit Union",
    "Ostermoor Precision Tools",
    "Larkspur Community Hospital",
    "Castellane Hotels",
    "Redfern Academy",
    "Brightwater Analytics Inc.",
    "Sablewood Furniture Company",
    "Mirabeau Foods S.A.",
    "Pinecrest Medical Group",
    "Ironvale Steelworks",
    "Duskford Publishing House",
    "Solmare Energy",
    "Greyheron Architects",
    "Whitcombe Borough Council",
    "Zephyra Labs",
    "Kestrel Bridge Capital",
    "Old Mill Bakery Co.",
    "Halcyon Transit Authority",
    "Juniper & Vane LLP",
    "Cormorant Offshore",
    "Meadowlark Home Care",
    "Tessellate Studio",
    "Granite Ridge Construction",
    "Aldermoor University Library",
)

SCHOOLS = (
    "University of Northmere",
    "Halvard Technical College",
    "Kestrel Institute of Technology",
    "Wexmoor University",
    "Santa Orsola Academy",
    "Brackenridge State University",
    "Fairhollow Community College",
    "École Supérieure de Valmont",
    "Universidad de Montealba",
    "Technical University of Lindau",
    "Oakvale School of Nursing",
    "College of Applied Arts Eastbay",
)

LANGUAGES = (
    "English",
    "German",
    "French",
    "Spanish",
    "Portuguese",
    "Italian",
    "Polish",
    "Hindi",
    "Arabic",
    "Japanese",
    "Dutch",
    "Swedish",
)
LEVELS = ("native", "fluent", "C1", "B2", "intermediate", "conversational")

HEADINGS = {
    "summary": ("Summary", "Profile", "Professional Summary", "About Me"),
    "work": ("Experience", "Work Experience", "Professional Experience", "Employment History"),
    "education": ("Education", "Academic Background", "Education and Training"),
    "skills": ("Skills", "Key Skills", "Technical Skills", "Core Competencies"),
    "certificates": ("Certifications", "Certificates", "Licenses and Certifications"),
    "languages": ("Languages", "Language Skills"),
    "projects": ("Projects", "Selected Projects"),
}


@dataclass(frozen=True, slots=True)
class Trade:
    """One line of work. ``titles`` go from junior to senior; {} in ``deeds`` takes a number."""

    titles: tuple[str, ...]
    deeds: tuple[str, ...]
    tools: tuple[str, ...]
    abilities: tuple[str, ...]
    degrees: tuple[tuple[str, str, str | None], ...]
    certificates: tuple[str, ...]
    summary: str
    projects: tuple[str, ...]


KNOWN_AS = {
    "Terraform": "IBM Terraform",
    "Kafka": "Apache Kafka",
    "SQL": "Structured query language SQL",
    "Excel": "Microsoft Excel",
    "Power BI": "Microsoft Power BI",
    "SAP": "SAP software",
    "QuickBooks": "Intuit QuickBooks",
    "Salesforce": "Salesforce software",
    "AutoCAD": "Autodesk AutoCAD",
    "MATLAB": "The MathWorks MATLAB",
    "Illustrator": "Adobe Illustrator",
    "InDesign": "Adobe InDesign",
    "Outlook": "Microsoft Outlook",
    "PowerPoint": "Microsoft PowerPoint",
    "Revit": "Autodesk Revit",
    "Workday": "Workday software",
}
"""What O*NET's catalogue calls a tool where that is not what resumes write."""

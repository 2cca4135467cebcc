"""Requirements and sentences of invented resumes, by a person's judgement; written for this.

Each phrase stands with sentences that meet it in other words, and with sentences that do not
although they are near it: another object, a lower part in the same work, a wish, a denial, the
same words about something else. ``TUNING`` chose the threshold and the rules; ``UNSEEN`` was
written before and looked at after.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """``meets`` and ``fails`` are sentences as a resume might have them."""

    phrase: str
    meets: tuple[str, ...]
    fails: tuple[str, ...]


_FIRST = (
    Judged(
        "managing budgets",
        (
            "Oversaw the annual spending plan of 2.4 million for three wards",
            "Kept department expenditure within its financial allocation for six years",
        ),
        ("Managed a team of twelve porters", "Has no responsibility for managing budgets so far"),
    ),
    Judged(
        "patient care",
        (
            "Looked after the daily needs of elderly people on a medical ward",
            "Nursed acutely ill adults before and after surgery",
        ),
        ("Cared for a fleet of delivery vans", "Answered telephones at a hotel reception"),
    ),
    Judged(
        "written communication",
        (
            "Wrote weekly reports and letters for the board",
            "Drafted newsletters and press statements for members",
        ),
        ("Installed telephone lines in offices", "Wrote unit tests for a payment service"),
    ),
    Judged(
        "supervising staff",
        (
            "Led a crew of eight cooks and gave them their yearly appraisals",
            "Line manager of fourteen receptionists",
        ),
        ("Reported to the head of catering", "Supervised the playground during breaks"),
    ),
    Judged(
        "classroom management",
        (
            "Kept order among thirty pupils with clear routines and praise",
            "Handled disruptive behaviour of students during lessons calmly",
        ),
        ("Cleaned and painted classrooms in the summer", "Managed a warehouse of school furniture"),
    ),
    Judged(
        "planning lessons",
        (
            "Prepared daily teaching material for year four mathematics",
            "Designed a weekly curriculum for beginners of English",
        ),
        ("Took part in lessons on first aid", "Planned bus routes for the county"),
    ),
    Judged(
        "customer service",
        (
            "Helped shoppers find goods and settled their complaints",
            "Answered questions of guests at the front desk politely",
        ),
        (
            "Serviced diesel engines for customers' trucks",
            "Wrote a customer database in the evening",
        ),
    ),
    Judged(
        "stakeholder engagement",
        (
            "Met partners, councils and residents monthly to agree on the scheme",
            "Kept sponsors and community groups informed and won their support",
        ),
        ("Engaged to lift heavy loads on site", "Traded shares on the stock exchange"),
    ),
    Judged(
        "infection control",
        (
            "Enforced hand hygiene and isolation rules on the ward",
            "Audited sterilisation of instruments to prevent hospital germs",
        ),
        ("Controlled stock of spare parts", "Removed computer viruses from laptops"),
    ),
    Judged(
        "data analysis",
        (
            "Examined sales figures to find trends and explain them",
            "Ran regressions on survey results and presented the findings",
        ),
        ("Entered addresses into a register", "Analysed poems of the nineteenth century"),
    ),
    Judged(
        "machine learning models",
        (
            "Trained neural networks that forecast demand",
            "Built classifiers that flag fraudulent claims",
        ),
        ("Operated sewing machines in a factory", "Modelled clothes for a fashion catalogue"),
    ),
    Judged(
        "project planning",
        (
            "Set up schedules, milestones and resources for the new library",
            "Broke a two-year programme down into work packages and deadlines",
        ),
        ("Carried bricks for a housing project", "Hopes to gain experience in project planning"),
    ),
    Judged(
        "safeguarding children",
        (
            "Reported suspected abuse of minors to social services",
            "Designated child protection lead of a primary school",
        ),
        ("Guarded the entrance of a bank at night", "Sold toys and clothes for children"),
    ),
    Judged(
        "dementia care",
        (
            "Supported residents with Alzheimer's disease in a nursing home",
            "Ran memory groups for older people who had lost their bearings",
        ),
        ("Cared for injured horses", "Trained young footballers"),
    ),
    Judged(
        "recruiting staff",
        (
            "Interviewed and hired forty new nurses",
            "Filled vacancies: advertised, shortlisted and selected candidates",
        ),
        ("Was recruited from two hundred candidates", "Trained new staff in the use of tills"),
    ),
    Judged(
        "handling complaints",
        (
            "Resolved grievances of dissatisfied passengers within two days",
            "Calmed angry callers and found remedies for their problems",
        ),
        ("Complained about broken lifts to the landlord", "Handled parcels at the depot"),
    ),
    Judged(
        "medication administration",
        (
            "Gave residents their prescribed drugs and recorded each dose",
            "Injected insulin and dispensed tablets on the night round",
        ),
        ("Administered an office network of sixty computers", "Sold cosmetics in a pharmacy"),
    ),
    Judged(
        "training employees",
        (
            "Taught new starters how to run the till and the ovens",
            "Delivered workshops on safety to two hundred workers",
        ),
        ("Attended training in customer contact", "Employed as a train conductor"),
    ),
    Judged(
        "financial reporting",
        (
            "Prepared monthly accounts and balance sheets for directors",
            "Compiled quarterly statements of income for the auditors",
        ),
        ("Reported broken street lamps to the council", "Received a grant for a painting"),
    ),
    Judged(
        "working with children with special needs",
        (
            "Supported autistic pupils one to one in a mainstream school",
            "Adapted lessons for learners with disabilities aged six to ten",
        ),
        ("Worked with special alloys in a foundry", "Coached senior managers before speeches"),
    ),
    Judged(
        "negotiating contracts",
        (
            "Agreed terms and prices with suppliers of fresh food",
            "Bargained with vendors and signed deals worth three million",
        ),
        ("Filed signed contracts in binders", "Worked on a fixed-term contract"),
    ),
    Judged(
        "software testing",
        (
            "Wrote automated checks that find defects before each release",
            "Verified new features against their specification and logged bugs",
        ),
        ("Tested blood samples in a laboratory", "Sold software licences to banks"),
    ),
    Judged(
        "assessing risk",
        (
            "Identified hazards on site and rated how likely they were",
            "Evaluated the chance that borrowers default on loans",
        ),
        ("Took the risk of founding a bakery", "Assessed essays of first-year students"),
    ),
    Judged(
        "multidisciplinary team working",
        (
            "Discussed cases weekly with doctors, therapists and social workers",
            "Worked alongside nurses, physiotherapists and dietitians on each discharge",
        ),
        ("Played in the regional volleyball team", "Worked alone on night patrol"),
    ),
    Judged(
        "inventory management",
        (
            "Counted stock weekly and reordered goods before they ran out",
            "Controlled warehouse supplies and cut excess goods by a fifth",
        ),
        ("Managed a choir of forty singers", "Invented a new kind of bicycle lock"),
    ),
    Judged(
        "presenting to senior management",
        (
            "Briefed executives and the board on quarterly results",
            "Gave talks to directors on the state of the programme",
        ),
        ("Presented flowers to visiting artists", "Assisted the personal secretary of a director"),
    ),
    Judged(
        "conducting research",
        (
            "Ran a three-year study of sleep and published the findings",
            "Designed experiments on soil bacteria and evaluated them",
        ),
        ("Conducted a school orchestra", "Never conducted research of any kind"),
    ),
    Judged(
        "food safety",
        (
            "Checked fridge temperatures and hygiene rules in the kitchen",
            "Ensured meals were stored and prepared to sanitary standards",
        ),
        ("Wore a safety harness on scaffolding", "Delivered food by bicycle"),
    ),
    Judged(
        "marketing campaigns",
        (
            "Planned advertisements on radio and social networks for a new drink",
            "Launched promotions that doubled the number of subscribers",
        ),
        ("Bought vegetables at the market", "Volunteered in a campaign to plant trees"),
    ),
    Judged(
        "mentoring junior colleagues",
        (
            "Guided graduate engineers through their first two years",
            "Coached newly qualified teachers and observed their lessons",
        ),
        ("Junior colleague in a team of ten", "Was mentored by the chief engineer"),
    ),
    Judged(
        "quality improvement",
        (
            "Introduced audits that cut errors on the line by a third",
            "Redesigned the discharge process, so that fewer patients came back",
        ),
        ("Bought high quality fabrics for the spring season", "Improved my golf handicap"),
    ),
    Judged(
        "designing web applications",
        (
            "Developed the interface and server of an online booking site",
            "Built browser-based tools for the claims department",
        ),
        ("Applied for a grant for web weaving", "Designed curtains and carpets"),
    ),
    Judged(
        "maintaining patient records",
        (
            "Updated charts and medical histories after every visit",
            "Documented treatment in the electronic health file each shift",
        ),
        ("Set a record in the county marathon", "Maintained boilers in a hospital"),
    ),
    Judged(
        "cash handling",
        (
            "Took payments at the till and balanced the drawer each evening",
            "Counted the day's takings and paid them into the bank",
        ),
        ("Handled dangerous chemicals", "Moved heavy furniture between flats"),
    ),
    Judged(
        "strategic leadership",
        (
            "As head of the trust set its five-year direction and goals",
            "Chief executive who turned a failing charity round",
        ),
        ("Assisted the leader of a scout group", "Played chess in the national league"),
    ),
    Judged(
        "assessing student progress",
        (
            "Marked tests and discussed the results with parents",
            "Tracked how each pupil advanced in reading through the year",
        ),
        ("Student of biology in the third year", "Assessed damage to insured cars"),
    ),
    Judged(
        "building customer relationships",
        (
            "Visited key accounts monthly and kept their trust for years",
            "Maintained close contact with clients, nine in ten of whom renewed",
        ),
        ("Built garden walls for private customers", "Counselled married couples"),
    ),
    Judged(
        "organising events",
        (
            "Ran the yearly conference with four hundred guests",
            "Arranged weddings and company parties from booking to clean-up",
        ),
        ("Attended many conferences", "Organised files by date and client"),
    ),
    Judged(
        "emergency response",
        (
            "First on the scene of road accidents with the ambulance",
            "Led evacuations and rescue when fires broke out",
        ),
        ("Responded to enquiries by e-mail", "Sold fire alarms to households"),
    ),
    Judged(
        "health and safety regulations",
        (
            "Made sure that all work on site met occupational safety law",
            "Inspected workshops for compliance with protective rules",
        ),
        ("Sold health food in a shop", "Wrote regulations for a chess tournament"),
    ),
    Judged(
        "teaching adults",
        (
            "Gave evening courses in book-keeping to working people",
            "Instructed refugees of all ages above eighteen in English",
        ),
        ("Taught four-year-olds in a nursery", "Took evening courses in book-keeping"),
    ),
    Judged(
        "leading change",
        (
            "Moved the department from paper to digital records and won over its staff",
            "Drove the reorganisation of two hospitals into one",
        ),
        ("Gave customers their change at the till", "Changed tyres and oil"),
    ),
    Judged(
        "database administration",
        (
            "Backed up, tuned and upgraded the servers that hold customer tables",
            "Granted access to and monitored relational data stores",
        ),
        ("Administered vaccines to travellers", "Looked up addresses in a database"),
    ),
    Judged(
        "counselling patients",
        (
            "Talked with ill people and their families about fears and choices",
            "Advised cancer sufferers on coping with their diagnosis",
        ),
        ("Counselled firms on tax law", "Transported patients between wards"),
    ),
)

_SECOND = (
    Judged(
        "budget preparation",
        ("Drew up the yearly budget for two clinics", "Estimated costs and income for next year"),
        ("Bought a car on a small budget", "Prepared vegetables for the evening shift"),
    ),
    Judged(
        "wound care",
        ("Dressed wounds and ulcers on home visits", "Changed bandages after operations"),
        ("Cared for two hundred sheep", "Measured blood pressure every morning"),
    ),
    Judged(
        "leading a team",
        ("Headed a group of nine developers", "Ran the night team of a call centre"),
        ("Worked in a team led by the matron", "Joined the swimming team"),
    ),
    Judged(
        "curriculum development",
        (
            "Wrote new courses in physics for the upper school",
            "Revised the reading curriculum for grade two",
        ),
        ("Followed the national curriculum", "Developed photographs in a darkroom"),
    ),
    Judged(
        "report writing",
        (
            "Produced monthly reports on sales for directors",
            "Summarised inspection findings in written form",
        ),
        ("Reported for duty at six each morning", "Read reports of other departments"),
    ),
    Judged(
        "conflict resolution",
        ("Settled disputes between tenants and owners", "Mediated when colleagues fell out"),
        ("Studied the history of armed conflict", "Raised the screen resolution of monitors"),
    ),
    Judged(
        "statistical modelling",
        ("Fitted regression models to insurance claims", "Forecast rainfall from time series"),
        ("Built model railways", "Collected questionnaires in the street"),
    ),
    Judged(
        "care planning",
        (
            "Wrote individual care plans with residents and families",
            "Set goals of treatment for each patient",
        ),
        ("Planned the garden of a care home", "Served lunch to residents"),
    ),
    Judged(
        "parent communication",
        (
            "Met mothers and fathers each term about their child's progress",
            "Phoned parents weekly about homework",
        ),
        ("Became a parent in 2015", "Communicated with ship crews by radio"),
    ),
    Judged(
        "process automation",
        ("Replaced manual invoicing by scripts", "Automated the nightly copying of files"),
        ("Followed the process for expense claims", "Sold automatic doors"),
    ),
    Judged(
        "purchasing supplies",
        (
            "Ordered materials and compared offers of vendors",
            "Bought equipment for twelve surgeries",
        ),
        ("Sold office supplies in a shop", "Carried supplies to the third floor"),
    ),
    Judged(
        "teaching mathematics",
        ("Taught algebra and geometry to teenagers", "Tutored pupils in arithmetic"),
        ("Studied mathematics for three years", "Taught swimming to beginners"),
    ),
    Judged(
        "scheduling appointments",
        (
            "Booked visits for four dentists",
            "Kept the diary of the clinic and arranged times with patients",
        ),
        ("Was appointed treasurer of a club", "Drove patients to their appointments"),
    ),
    Judged(
        "policy development",
        (
            "Drafted rules on data protection for the council",
            "Wrote and revised hospital policies on visiting",
        ),
        ("Sold insurance policies by telephone", "Complied with company policy at all times"),
    ),
    Judged(
        "clinical leadership",
        ("Matron in charge of forty nurses in surgery", "Led the medical team of a stroke unit"),
        ("Student nurse on a surgical ward", "Led a group of hikers across the Alps"),
    ),
    Judged(
        "data visualisation",
        ("Built charts and dashboards of energy use", "Drew maps that show accidents by district"),
        ("Typed data into forms", "Tested eyesight of drivers"),
    ),
    Judged(
        "fundraising",
        ("Won donations of half a million for a hospice", "Wrote appeals to sponsors and trusts"),
        ("Managed an investment fund", "Raised chickens on a farm"),
    ),
    Judged(
        "public speaking",
        ("Gave lectures to audiences of several hundred", "Spoke at conferences about recycling"),
        ("Drove public buses", "Typed speeches of the minister"),
    ),
    Judged(
        "managing change projects",
        (
            "Led the move of three offices to new premises and systems",
            "Ran a programme that changed how claims are settled",
        ),
        ("Changed light bulbs in public buildings", "Typed minutes for the project office"),
    ),
    Judged(
        "palliative care",
        (
            "Eased pain of dying people in a hospice",
            "Supported families at the end of a relative's life",
        ),
        ("Cared for lawns and hedges", "Delivered babies at home"),
    ),
    Judged(
        "differentiated instruction",
        (
            "Adapted tasks to the level of each pupil",
            "Gave stronger and weaker readers different texts",
        ),
        ("Read the instructions of machines", "Told different jokes every night"),
    ),
    Judged(
        "vendor management",
        (
            "Chose suppliers, agreed service levels and reviewed them",
            "Held quarterly reviews with outside contractors",
        ),
        ("Ice cream vendor on a beach", "Managed a netball side"),
    ),
    Judged(
        "troubleshooting hardware",
        (
            "Found and replaced faulty disks and memory",
            "Repaired printers and computers of 300 users",
        ),
        ("Sold nails and hardware", "Wrote poems on a laptop"),
    ),
    Judged(
        "audit preparation",
        (
            "Gathered ledgers and evidence for outside auditors",
            "Readied the books for the yearly audit",
        ),
        ("Prepared salads and desserts", "Auditioned for musicals"),
    ),
    Judged(
        "staff rostering",
        (
            "Drew up weekly duty schedules for thirty nurses",
            "Arranged who works when in the kitchen",
        ),
        ("Worked shifts as set by the manager", "Roasted coffee for the staff"),
    ),
    Judged(
        "social media management",
        (
            "Ran the firm's pages on three networks",
            "Posted daily and answered followers of the brand",
        ),
        ("Taught social studies", "Managed a media warehouse"),
    ),
    Judged(
        "discharge planning",
        (
            "Arranged care at home for people who leave hospital",
            "Agreed with families where patients go after treatment",
        ),
        ("Discharged waste water from tanks", "Planned holidays for groups"),
    ),
    Judged(
        "legal research",
        ("Looked up statutes and rulings for trial lawyers", "Searched case law on tenancy"),
        ("Researched the genes of wheat", "Carried files to the court"),
    ),
    Judged(
        "cost reduction",
        ("Cut spending on energy by 18 percent", "Saved 200,000 a year through cheaper packaging"),
        ("Reduced the noise of pumps", "Recorded costs in a ledger"),
    ),
    Judged(
        "sales targets",
        ("Exceeded quota by a fifth in each quarter", "Sold more than planned three years running"),
        ("Practised archery at targets", "Set up tables for a sale of books"),
    ),
    Judged(
        "rehabilitation exercises",
        (
            "Showed patients movements that restore strength after strokes",
            "Guided people through physiotherapy",
        ),
        ("Exercised horses before races", "Restored old paintings"),
    ),
    Judged(
        "quality assurance",
        (
            "Inspected parts against specifications and rejected faults",
            "Tested each batch before release",
        ),
        ("Sold life assurance", "Praised for the quality of cakes"),
    ),
    Judged(
        "working with vulnerable adults",
        (
            "Supported homeless people with addictions",
            "Looked after adults with learning disabilities",
        ),
        ("Worked with adult education certificates", "Repaired vulnerable roofs after storms"),
    ),
    Judged(
        "security monitoring",
        ("Watched cameras and alarms at night", "Checked logs for signs of intrusion"),
        ("Analysed government securities", "Monitored the temperature of ovens"),
    ),
    Judged(
        "grant writing",
        ("Wrote proposals that won research money", "Prepared applications to foundations"),
        ("Received a student grant", "Wrote crime novels"),
    ),
    Judged(
        "coordinating volunteers",
        ("Organised eighty helpers at a food bank", "Assigned unpaid stewards to their tasks"),
        ("Volunteered in an animal shelter", "Coordinated colours for curtains"),
    ),
)

TUNING = (*_FIRST, *_SECOND[::2])
UNSEEN = _SECOND[1::2]

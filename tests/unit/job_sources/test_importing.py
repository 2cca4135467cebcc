from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.posting import MAX_DESCRIPTION_CHARACTERS, Posting, Salary
from ml_service.job_sources.importing import ImportAccount, read_postings

REAL_POSTINGS = Path(__file__).parents[3] / "../shared/data/postings"
Import = Callable[..., tuple[list[Posting], ImportAccount]]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    def read(
        content: str | bytes, *, encoding: str = "utf-8"
    ) -> tuple[list[Posting], ImportAccount]:
        path = tmp_path / "postings"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        account = ImportAccount()
        return list(read_postings(path, account=account)), account

    return read


def test_a_spreadsheet_with_plain_headings_is_read(imported: Import) -> None:
    postings, account = imported(
        "Job Title,Company Name,Location,Job Description,Job ID,Date Posted,Link,Salary\n"
        'Nurse,"Example Clinic\n4.1",Leeds,"Nights.\n\nDays.",918273645,2025-03-07,'
        "https://example.invalid/1,£30000 per annum\n"
    )

    assert postings == [
        Posting(
            job_id="918273645",
            title="Nurse",
            provider="local-index",
            description="Nights.\n\nDays.",
            employer_name="Example Clinic",
            location="Leeds",
            posted_at=datetime(2025, 3, 7, tzinfo=UTC),
            apply_url="https://example.invalid/1",
            salary=Salary(30_000, 30_000, "GBP", "YEAR"),
        )
    ]
    assert (account.n_read, account.n_skipped, account.warnings) == (1, 0, [])


def test_schema_org_names_are_read(imported: Import) -> None:
    record = {
        "@type": "JobPosting",
        "title": "Teacher &amp; Tutor",
        "description": "<p>Teach <b>maths</b>.</p><li>Mark&nbsp;work</li><script>x()</script>",
        "identifier": {"@type": "PropertyValue", "value": "abc-1"},
        "hiringOrganization": {"@type": "Organization", "name": "Example School"},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "addressLocality": "Leeds",
                "addressRegion": "Yorkshire",
                "addressCountry": {"name": "United Kingdom"},
            },
        },
        "jobLocationType": "TELECOMMUTE",
        "employmentType": ["FULL_TIME", "CONTRACTOR"],
        "datePosted": "2025-01-31T08:00:00+01:00",
        "baseSalary": {
            "currency": "GBP",
            "value": {"minValue": 30000, "maxValue": 35000, "unitText": "YEAR"},
        },
        "occupationalCategory": "25-2031.00 Secondary School Teachers",
        "url": "https://example.invalid/teach",
    }
    (posting,), _ = imported(json.dumps(record, indent=2))

    assert posting.job_id == "abc-1"
    assert posting.title == "Teacher & Tutor"
    assert posting.description == "Teach maths.\nMark work"
    assert posting.employer_name == "Example School"
    assert (posting.city, posting.region, posting.country) == ("Leeds", "Yorkshire", "GB")
    assert posting.location == "Leeds, Yorkshire, United Kingdom"
    assert posting.remote is True
    assert posting.employment_types == ("FULLTIME", "CONTRACTOR")
    assert posting.posted_at == datetime(2025, 1, 31, 7, tzinfo=UTC)
    assert posting.salary == Salary(30_000, 35_000, "GBP", "YEAR")
    assert posting.soc_code == "25-2031.00"


@pytest.mark.parametrize("indent", [None, 2])
def test_a_saved_answer_of_the_board_is_read(imported: Import, indent: int | None) -> None:
    job = {
        "job_id": "AAAA==",
        "job_title": "Driver",
        "job_is_remote": False,
        "job_min_salary": 20,
        "job_max_salary": 25,
        "job_salary_period": "HOUR",
        "job_onet_soc": "53303200",
        "job_country": "us",
    }
    for data in ([job], {"jobs": [job], "cursor": None}):
        (posting,), _ = imported(json.dumps({"status": "OK", "data": data}, indent=indent))
        assert (posting.job_id, posting.title, posting.remote) == ("AAAA==", "Driver", False)
        assert posting.salary == Salary(20, 25, None, "HOUR")
        assert (posting.soc_code, posting.country) == ("53-3032.00", "US")


def test_lines_arrays_and_tables_give_the_same_postings(imported: Import) -> None:
    rows = [{"title": f"Job {n}", "company": "Ex", "description": "a\nb"} for n in range(3)]
    lines, _ = imported("\n".join(json.dumps(row) for row in rows))
    array, _ = imported(json.dumps(rows, indent=1))
    table, _ = imported(
        "title;company;description\n" + 'Job 0;Ex;"a\nb"\nJob 1;Ex;"a\nb"\nJob 2;Ex;"a\nb"'
    )

    assert len(lines) == 3
    assert lines == array == table


def test_an_id_is_made_when_there_is_none_and_stays_the_same(imported: Import) -> None:
    content = "title,company\nNurse,A\nNurse,B\nNurse,A\n"
    first, _ = imported(content)
    again, _ = imported(content)

    assert [posting.job_id for posting in first] == [posting.job_id for posting in again]
    assert first[0].job_id == first[2].job_id != first[1].job_id


def test_a_row_number_is_not_taken_for_an_id(imported: Import) -> None:
    one, _ = imported("id,title\n1,Nurse\n")
    other, _ = imported("id,title\n1,Teacher\n")

    assert one[0].job_id != other[0].job_id


@pytest.mark.parametrize(
    ("columns", "value", "remote"),
    [
        ("remote", "true", True),
        ("Is Remote", "No", False),
        ("work_arrangement", "hybrid", False),
        ("remote", "perhaps", None),
        ("remote", "", None),
        ("location", "Remote, US", True),
        ("location", "Leeds", None),
        ("workplace type", "On-site", False),
        ("description", "This is a remote job.", None),
    ],
)
def test_remote_is_only_what_the_record_says(
    imported: Import, columns: str, value: str, remote: bool | None
) -> None:
    (posting,), _ = imported(f'title,{columns}\nTutor,"{value}"\n')

    assert posting.remote is remote


def test_what_title_location_and_labelled_lines_state_is_read(imported: Import) -> None:
    (posting,), _ = imported(
        "title,location,description\n"
        'Remote Tutor (Reading),"Richmond, VA","About the job\n\nJob type: Part-Time (20 hours)\n'
        'Location: Remote\n"\n'
    )

    assert posting.remote is True
    assert posting.employment_types == ("PARTTIME",)
    assert (posting.city, posting.region, posting.country) == ("Richmond", "VA", "US")
    assert posting.location == "Richmond, VA"


def test_a_field_wins_over_what_the_text_states(imported: Import) -> None:
    (posting,), _ = imported(
        "title,location,country,remote,employment type\n"
        'Remote Part-Time Tutor,"Berlin, DE",de,no,Full-time\n'
    )

    assert posting.remote is False
    assert posting.employment_types == ("FULLTIME",)
    assert (posting.city, posting.region, posting.country) == (None, None, "DE")


def test_what_is_skipped_is_counted_with_line_and_reason(imported: Import) -> None:
    postings, account = imported(
        'title,company\nNurse,"A\nB"\n,No title\nTeacher,C,extra\n\n-1,D\nChef,E\n'
        'Cook,"E" and F\nBaker,G\n'
    )

    assert [posting.title for posting in postings] == ["Nurse", "Chef", "Baker"]
    assert account.n_read == 7
    assert account.skipped_lines == [
        (4, "no job title"),
        (5, "more fields than the header has"),
        (7, "no job title"),
        (9, "misplaced quotation mark"),
    ]
    assert account.skipped["no job title"] == 2


def test_a_bad_line_among_json_lines_is_skipped(imported: Import) -> None:
    postings, account = imported(
        '{"title": "A"\n{"title": "B"}\n[1]\n{"name": "C"}\n{"title": "D"}'
    )

    assert [posting.title for posting in postings] == ["B", "D"]
    assert account.skipped_lines == [
        (1, "not a JSON object"),
        (3, "not a JSON object"),
        (4, "no job title"),
    ]


def test_windows_text_is_read_and_named_in_a_warning(imported: Import) -> None:
    (posting,), account = imported("title,city\nCafé-Leitung,Köln\n", encoding="cp1252")

    assert (posting.title, posting.city) == ("Café-Leitung", "Köln")
    assert "Windows-1252" in account.warnings[0]


@pytest.mark.parametrize(
    "content", ["title,city\nKüche,Köln\n", '[{"title": "Küche", "city": "Köln"}]']
)
def test_a_byte_order_mark_does_not_hide_the_first_column(imported: Import, content: str) -> None:
    (posting,), account = imported(content, encoding="utf-8-sig")

    assert (posting.title, posting.city) == ("Küche", "Köln")
    assert account.warnings == []


def test_a_long_description_is_cut(imported: Import) -> None:
    (posting,), _ = imported(json.dumps({"title": "A", "description": "x" * 90_000}))

    assert len(posting.description) == MAX_DESCRIPTION_CHARACTERS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"company,city\nA,B\n", "Line 1: no column for the job title.*Found: company, city"),
        (b"title,city\n", "no postings"),
        (b"[]", "no postings"),
        (b'title,text\nNurse,"never\nclosed\n', "Line 2: the row that begins here does not end"),
        (b'[{"title": "A"},\n{"title": ', "Line 2: the JSON"),
        (b'[{"title": "A"}\n\n{"title": "B"}]', "Line 3: the JSON"),
        (b'[{"title": "A"}', "Line 1: the JSON"),
        (b'{\n"title": "A",\n', "Line 1: the JSON"),
        (b"[" * 100_000, "the JSON"),
    ],
)
def test_a_file_that_cannot_be_followed_says_where_and_why(
    imported: Import, content: bytes, says: str
) -> None:
    with pytest.raises(InvalidRequest, match=f"(?s){says}") as raised:
        imported(content)

    assert raised.value.field == "file"


def test_a_missing_file_is_an_error_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest) as raised:
        list(read_postings(tmp_path / "nowhere.csv"))

    assert str(tmp_path) not in raised.value.message


def test_postings_before_a_broken_place_are_given_out(tmp_path: Path) -> None:
    path = tmp_path / "postings.json"
    path.write_text('[{"title": "A"}, {"title": ')
    postings = read_postings(path)

    assert next(postings).title == "A"
    with pytest.raises(InvalidRequest):
        next(postings)


@pytest.mark.parametrize("form", ["csv", "lines", "array"])
def test_a_large_file_is_never_held_as_a_whole(tmp_path: Path, form: str) -> None:
    n_postings, description = 4_000, "words " * 900
    path = tmp_path / "large"
    with path.open("w") as file:
        file.write({"csv": "title,description\n", "lines": "", "array": "["}[form])
        for number in range(n_postings):
            row = json.dumps({"title": f"Job {number}", "description": description})
            line = {"csv": f"Job {number},{description}\n", "lines": row + "\n", "array": row}[form]
            file.write(("," if form == "array" and number else "") + line)
        file.write("]" if form == "array" else "")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_postings(path)) == n_postings
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert path.stat().st_size > 20_000_000
    assert peak_bytes < 6_000_000


@pytest.mark.parametrize("content", ['[{"title": "', '{"title": "A"}\n{"title": "'])
def test_a_record_without_end_is_refused_and_not_collected(imported: Import, content: str) -> None:
    with pytest.raises(InvalidRequest, match="longer than 16,000,000"):
        imported(content + "x" * 40_000_000)


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "n_postings"),
    [("data_science.csv", 956), ("teaching.csv", 719), ("health_service_2020.jsonl", 1_500)],
)
def test_every_real_posting_is_read(name: str, n_postings: int) -> None:
    path = REAL_POSTINGS / name
    if not path.exists():
        pytest.skip("the folder with real postings is not here")
    account = ImportAccount()
    postings = list(read_postings(path, account=account))

    assert len(postings) == n_postings
    assert account.n_skipped == 0
    assert all(posting.description and posting.employer_name for posting in postings)

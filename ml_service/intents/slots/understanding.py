"""A request for jobs, read into the query that the job sources take."""

from __future__ import annotations

from dataclasses import dataclass

from ml_service.domain.posting import JobQuery
from ml_service.intents.refusals import refusals_of
from ml_service.intents.slots.countries import country_of
from ml_service.intents.slots.employment import employment_of
from ml_service.intents.slots.other_wishes import other_wishes_of
from ml_service.intents.slots.places import place_of
from ml_service.intents.slots.posting_date import posting_date_of
from ml_service.intents.slots.sought_work import sought_work_of
from ml_service.intents.slots.spans import SlotSpan, meets, without
from ml_service.intents.slots.work_place import work_place_of

# A request is a sentence or two; what stands behind this is not read.
MAX_READ_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class UnderstoodQuery:
    """``spans`` tell what in the text became which part, in its order, none over another.

    Characters that no span holds said nothing to search by.
    """

    job_query: JobQuery
    spans: tuple[SlotSpan, ...]


def job_query_of(text: str) -> JobQuery:
    return understood_of(text).job_query


def understood_of(text: str) -> UnderstoodQuery:
    """Each step reads what the steps before it left: other wishes and dates first, the work
    sought last. What stands in a refusal is wanted by none of them.
    """
    rest = text[:MAX_READ_CHARACTERS]
    refused = [SlotSpan("set_aside", one.start, one.end) for one in refusals_of(rest)]
    spans = [span for span in other_wishes_of(rest) if not meets(span, refused)]
    rest = without(rest, spans)
    date_posted, date_spans = posting_date_of(rest)
    rest = without(rest, date_spans)
    remote, remote_spans = work_place_of(rest, refused)
    rest = without(rest, remote_spans)
    employment_types, employment_spans = employment_of(rest, refused)
    rest = without(rest, employment_spans)
    location, location_spans = place_of(rest, refused)
    rest = without(rest, location_spans)
    spans += date_spans + remote_spans + employment_spans + location_spans
    query, query_spans = sought_work_of(without(rest, refused))
    spans += [span for span in refused if not meets(span, spans)] + query_spans
    return UnderstoodQuery(
        JobQuery(
            query=query,
            location=location,
            country=country_of(location) if location else None,
            remote=remote,
            date_posted=date_posted,
            employment_types=employment_types,
        ),
        tuple(sorted(spans, key=lambda span: span.start)),
    )

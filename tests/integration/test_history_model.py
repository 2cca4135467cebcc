"""The history over HTTP, and a dictionary: whatever is asked of both, they agree.

Hypothesis invents the requests: uploads, retries, changes, stale changes, pages, searches,
deletions, erasures of users and restarts, in any order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from ml_service.bootstrap.engine import Engine
from ml_service.settings import Settings
from tests.documents import PEOPLE, resume_pdf
from tests.integration.conftest import client_of

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

Result = TypeVar("Result")
RunInLoop = Callable[[Coroutine[Any, Any, Any]], Any]
Opened = tuple[httpx.AsyncClient, AsyncExitStack]

PERSONS = st.integers(0, 2)
USERS = st.sampled_from([None, "ada", "ben/x", "zoë@example.com"])
NAMED_USERS = st.sampled_from(["ada", "ben/x", "zoë@example.com"])
WORDS = st.sampled_from(["alpha", "Bravo", "čarlie", "c++", "delta echo"])
TAGS = st.lists(st.sampled_from(["new", "red", "später"]), max_size=3, unique=True)
LIMITS = st.integers(1, 4)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "user_id": USERS,
        "notes": st.none() | WORDS,
        "tags": TAGS,
        "feedback": st.sampled_from([None, "right", "wrong"]),
        "corrected_soc_code": st.sampled_from([None, "15-1252.00", "29-1141.00"]),
    },
)


@dataclass
class Record:
    """What the model knows of one prediction."""

    prediction_id: str
    person: int
    uploaded_for: str | None
    fields: dict[str, Any]
    etag: str
    old_etags: set[str] = field(default_factory=set)


class HistoryMachine(RuleBasedStateMachine):
    run_in_loop: RunInLoop
    open_client: Callable[[], Coroutine[Any, Any, Opened]]
    resumes: tuple[bytes, ...]

    ids = Bundle("ids")
    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, Record] = {}
        self.answers: dict[str, tuple[int, str | None, bool]] = {}
        self.api, self.opened = self.run_in_loop(self.open_client())
        self.n_keys = 0

    def teardown(self) -> None:
        self.run_in_loop(self.opened.aclose())

    @initialize()
    def begin_empty(self) -> None:
        for summary in list(self.listed("/predictions", limit=100)):
            self.ask("DELETE", f"/predictions/{summary['prediction_id']}")

    @rule(target=ids, person=PERSONS, user=USERS)
    def upload(self, person: int, user: str | None) -> str:
        answer = self.post(person, user)
        same = self.same_upload(person, user)
        assert answer.status_code == (200 if same else 201)
        if same:
            assert answer.json()["prediction_id"] in same
        return self.note(answer, person, user)

    @rule(target=ids, person=PERSONS, user=USERS)
    def upload_by_force(self, person: int, user: str | None) -> str:
        answer = self.post(person, user, path="/predict?force=true")
        assert answer.status_code == 201
        assert answer.json()["prediction_id"] not in self.records
        return self.note(answer, person, user)

    @rule(target=keys, person=PERSONS, user=USERS)
    def upload_with_key(self, person: int, user: str | None) -> tuple[str, int, str | None]:
        self.n_keys += 1
        key = f"key-{id(self)}-{self.n_keys}"
        answer = self.post(person, user, key=key, path="/predict?force=true")
        assert answer.status_code == 201
        self.note(answer, person, user)
        self.answers[key] = (201, answer.text, True)
        return key, person, user

    @rule(made=keys)
    def retry_with_key(self, made: tuple[str, int, str | None]) -> None:
        key, person, user = made
        first = self.answers[key][1]
        assert first is not None
        gone = httpx.Response(200, text=first).json()["prediction_id"] not in self.records
        if gone:
            return
        answer = self.post(person, user, key=key, path="/predict?force=true")
        assert (answer.status_code, answer.text) == (201, first)
        other = self.post((person + 1) % 3, user, key=key, path="/predict?force=true")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    @rule(prediction_id=ids, change=CHANGES, conditional=st.booleans())
    def patch(self, prediction_id: str, change: dict[str, Any], conditional: bool) -> None:
        record = self.records.get(prediction_id)
        headers = {"If-Match": record.etag} if record and conditional else {}
        answer = self.ask("PATCH", f"/predictions/{prediction_id}", json=change, headers=headers)
        if record is None:
            assert answer.status_code == 404
            return
        assert answer.status_code == 200, answer.text
        record.fields |= change
        self.moved(record, answer, changed=bool(change))

    @rule(prediction_id=ids)
    def patch_what_has_changed_since(self, prediction_id: str) -> None:
        record = self.records.get(prediction_id)
        if record is None:
            return
        for etag in record.old_etags:
            answer = self.ask(
                "PATCH",
                f"/predictions/{prediction_id}",
                json={"notes": "lost update"},
                headers={"If-Match": etag},
            )
            assert answer.status_code == 412
            assert answer.json()["code"] == "precondition_failed"

    @rule(prediction_id=ids)
    def read(self, prediction_id: str) -> None:
        answer = self.ask("GET", f"/predictions/{prediction_id}")
        record = self.records.get(prediction_id)
        if record is None:
            assert answer.status_code == 404
            return
        body = answer.json()
        assert {name: body[name] for name in record.fields} == record.fields
        assert answer.headers["etag"] == record.etag
        again = self.ask(
            "GET", f"/predictions/{prediction_id}", headers={"If-None-Match": record.etag}
        )
        assert (again.status_code, again.content) == (304, b"")

    @rule(prediction_id=consumes(ids))
    def delete(self, prediction_id: str) -> None:
        answer = self.ask("DELETE", f"/predictions/{prediction_id}")
        known = self.records.pop(prediction_id, None)
        assert answer.status_code == (204 if known else 404)

    @rule(user=NAMED_USERS)
    def erase(self, user: str) -> None:
        answer = self.ask("DELETE", f"/users/{user}")
        assert answer.status_code == 204, answer.text
        for record in [r for r in self.records.values() if r.fields["user_id"] == user]:
            del self.records[record.prediction_id]

    @rule(limit=LIMITS, user=USERS, tag=st.sampled_from([None, "new", "später"]))
    def page(self, limit: int, user: str | None, tag: str | None) -> None:
        where = {"user_id": user, "tag": tag}
        wanted = {name: value for name, value in where.items() if value is not None}
        found = [s["prediction_id"] for s in self.listed("/predictions", limit=limit, **wanted)]
        assert found == [r.prediction_id for r in self.newest_first(user=user, tag=tag)]

    @rule(limit=LIMITS, user=NAMED_USERS)
    def page_of_user(self, limit: int, user: str) -> None:
        found = [s["prediction_id"] for s in self.listed(f"/predictions/user/{user}", limit=limit)]
        assert found == [r.prediction_id for r in self.newest_first(user=user, tag=None)]

    @rule(word=WORDS, limit=LIMITS)
    def search(self, word: str, limit: int) -> None:
        found = [
            s["prediction_id"] for s in self.listed("/predictions/search", limit=limit, q=word)
        ]
        noted = {i for i, r in self.records.items() if r.fields["notes"] == word}
        # "C++" stands in some of the resumes as well.
        assert len(found) == len(set(found))
        assert noted <= set(found)
        if word != "c++":
            assert noted == set(found)

    @rule(user=NAMED_USERS)
    def export(self, user: str) -> None:
        answer = self.ask("GET", f"/users/{user}/export")
        held = {r.prediction_id for r in self.newest_first(user=user, tag=None)}
        assert {p["prediction"]["prediction_id"] for p in answer.json()["predictions"]} == held

    @rule()
    def restart(self) -> None:
        self.run_in_loop(self.opened.aclose())
        self.api, self.opened = self.run_in_loop(self.open_client())

    @invariant()
    def the_list_is_whole(self) -> None:
        found = [s["prediction_id"] for s in self.listed("/predictions", limit=100)]
        assert found == [r.prediction_id for r in self.newest_first(user=None, tag=None)]

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        answer: httpx.Response = self.run_in_loop(self.api.request(method, path, **request))
        return answer

    def post(
        self, person: int, user: str | None, *, path: str = "/predict", key: str | None = None
    ) -> httpx.Response:
        return self.ask(
            "POST",
            path,
            files={"file": ("resume.pdf", self.resumes[person])},
            data={} if user is None else {"user_id": user},
            headers={} if key is None else {"Idempotency-Key": key},
        )

    def note(self, answer: httpx.Response, person: int, user: str | None) -> str:
        prediction_id: str = answer.json()["prediction_id"]
        if prediction_id not in self.records:
            unset: dict[str, Any] = {
                "notes": None,
                "tags": [],
                "feedback": None,
                "corrected_soc_code": None,
            }
            fields = {"user_id": user, **unset}
            self.records[prediction_id] = Record(prediction_id, person, user, fields, "")
        record = self.records[prediction_id]
        record.etag = answer.headers["etag"]
        return prediction_id

    def moved(self, record: Record, answer: httpx.Response, *, changed: bool) -> None:
        etag = answer.headers["etag"]
        assert (etag != record.etag) == changed
        if changed:
            record.old_etags.add(record.etag)
        record.etag = etag

    def same_upload(self, person: int, user: str | None) -> set[str]:
        """Those that an upload may be answered with: made of the same, and still this user's."""
        return {
            record.prediction_id
            for record in self.records.values()
            if (record.person, record.uploaded_for, record.fields["user_id"])
            == (person, user, user)
        }

    def newest_first(self, *, user: str | None, tag: str | None) -> list[Record]:
        return [
            record
            for record in sorted(self.records.values(), key=lambda r: r.prediction_id, reverse=True)
            if user in {None, record.fields["user_id"]}
            and (tag is None or tag in record.fields["tags"])
        ]

    def listed(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            onward = {"cursor": cursor} if cursor else {}
            answer = self.ask("GET", path, params={**parameters, **onward})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            yield from page["data"]
            if not page["has_more"]:
                return
            cursor = page["next_cursor"]


async def test_the_history_agrees_with_a_dictionary(engine: Engine, tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    chosen = Settings(
        _env_file=None,
        data_dir=tmp_path,
        jobs_provider="off",
        rate_limit_uploads="off",
        rate_limit_jobs="off",
        rate_limit_default="off",
    )

    async def open_client() -> Opened:
        stack = AsyncExitStack()
        return await stack.enter_async_context(client_of(engine, chosen)), stack

    def run_in_loop(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=60)

    parts = {
        "run_in_loop": staticmethod(run_in_loop),
        "open_client": staticmethod(open_client),
        "resumes": tuple(resume_pdf(person) for person in PEOPLE[:3]),
    }
    machine = type("Machine", (HistoryMachine,), parts)
    await asyncio.to_thread(
        run_state_machine_as_test,
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # each step is a real request: shrinking would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

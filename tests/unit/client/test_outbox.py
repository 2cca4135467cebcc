from __future__ import annotations

import json
import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from backend_client import ConfigurationError, Outbox, OutboxEntry, OutboxError, OutboxFull
from backend_client._calls import Upload
from backend_client.types import Prediction
from tests.unit.client import answers

DOCUMENT = b"%PDF-1.7\nMarta Lindqvist\n\x00\xff"


def entry(key: str = "key-1", *, user_id: str = "marta", content: bytes = DOCUMENT) -> OutboxEntry:
    return OutboxEntry.of(
        Upload("Marta Lindqvist.pdf", content),
        form={"user_id": user_id, "job_description": "Clerk"},
        force=False,
        idempotency_key=key,
        begun_at=datetime(2026, 11, 21, 10, tzinfo=UTC),
        prediction=Prediction.model_validate(answers.prediction()),
    )


def test_an_entry_is_read_as_it_was_written(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(entry())

    assert list(outbox.entries()) == [entry()]


def test_entries_come_oldest_first(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    for number in range(12):
        outbox.add(entry(f"key-{number}"))

    assert [kept.idempotency_key for kept in outbox.entries()] == [f"key-{n}" for n in range(12)]


def test_only_the_owner_can_look(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "outbox"
    Outbox(folder).add(entry())

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_a_folder_that_others_can_look_into_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    folder.mkdir(mode=0o750)

    with pytest.raises(OutboxError, match="0700"):
        Outbox(folder).add(entry())

    assert list(folder.iterdir()) == []


def test_encrypted_nothing_of_an_entry_can_be_read(tmp_path: Path) -> None:
    folder, key = tmp_path / "outbox", Fernet.generate_key()
    Outbox(folder, key=key).add(entry())

    written = b"".join(file.read_bytes() for file in folder.iterdir())
    assert all(
        word not in written for word in (b"Marta", b"marta", b"%PDF", b"key-1", b"Accountants")
    )
    assert list(Outbox(folder, key=key).entries()) == [entry()]
    assert key.decode() not in repr(vars(Outbox(folder, key=key)))


@pytest.mark.parametrize("key", [None, Fernet.generate_key()])
def test_another_key_reads_nothing_and_removes_nothing(tmp_path: Path, key: bytes | None) -> None:
    folder = tmp_path / "outbox"
    Outbox(folder, key=Fernet.generate_key()).add(entry())
    other = Outbox(folder, key=key)

    (name,) = other.names()
    with pytest.raises(OutboxError):
        other.read(name)
    assert list(other.entries()) == []
    assert not other.discard("key-1")
    assert other.names() == [name]


@pytest.mark.parametrize("key", ["short", b"!" * 44, "ü" * 44])
def test_a_key_that_is_none_is_refused_without_its_words(tmp_path: Path, key: str | bytes) -> None:
    with pytest.raises(ConfigurationError) as raised:
        Outbox(tmp_path, key=key)

    assert str(key) not in str(raised.value)


def test_a_reference_holds_no_text_and_no_name(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    Outbox(folder, keeps="reference").add(entry())

    written = b"".join(file.read_bytes() for file in folder.iterdir())
    (kept,) = Outbox(folder).entries()
    assert b"Lindqvist" not in written
    assert b"%PDF" not in written
    assert (kept.content, kept.filename) == (None, None)
    assert kept.is_of(DOCUMENT)
    assert kept.form == entry().form


@pytest.mark.parametrize("place", [10, 200, -3])
def test_a_damaged_entry_is_seen(tmp_path: Path, place: int) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(entry())
    (name,) = outbox.names()
    file = tmp_path / "outbox" / name
    content = bytearray(file.read_bytes())
    content[place] ^= 0x01
    file.write_bytes(content)

    try:
        kept = outbox.read(name)
    except OutboxError:
        return
    # A changed letter of the head may still be JSON; the document is never another one.
    assert kept is not None
    assert kept.content == DOCUMENT
    assert place != -3


def test_it_holds_so_many_entries_and_bytes(tmp_path: Path) -> None:
    few = Outbox(tmp_path / "few", max_entries=2)
    few.add(entry("1"))
    few.add(entry("2"))
    with pytest.raises(OutboxFull):
        few.add(entry("3"))
    small = Outbox(tmp_path / "small", max_bytes=5_000)
    small.add(entry("1", content=b"x" * 3_000))
    with pytest.raises(OutboxFull):
        small.add(entry("2", content=b"x" * 3_000))

    assert [kept.idempotency_key for kept in few.entries()] == ["1", "2"]
    few.discard("1")
    few.add(entry("3"))
    assert [kept.idempotency_key for kept in few.entries()] == ["2", "3"]


def test_an_entry_that_goes_while_room_is_made_keeps_no_other_out(tmp_path: Path) -> None:
    """Another process sent it and removed it after the folder was listed."""
    folder = tmp_path / "outbox"
    outbox = Outbox(folder)
    outbox.add(entry("1"))
    (folder / "0.entry").symlink_to(folder / "gone")

    outbox.add(entry("2"))

    assert [kept.idempotency_key for kept in outbox.entries()] == ["1", "2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"idempotency_key": "a\nb"},
        {"idempotency_key": "é"},
        {"idempotency_key": None},
        {"form": ["user_id"]},
        {"form": {"user_id": 7}},
        {"force": "no"},
        {"filename": 7},
    ],
)
def test_an_entry_that_no_request_can_be_made_of_is_none(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(entry())
    (name,) = outbox.names()
    file = tmp_path / "outbox" / name
    head, _, document = file.read_bytes().partition(b"\n")
    file.write_bytes(json.dumps({**json.loads(head), **changes}).encode() + b"\n" + document)

    with pytest.raises(OutboxError):
        outbox.read(name)


def test_what_a_killed_process_left_half_written_is_no_entry_and_goes(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    outbox = Outbox(folder)
    outbox.add(entry())
    old, new = folder / ".a.entry.part", folder / ".b.entry.part"
    old.write_bytes(b"{")
    new.write_bytes(b"{")
    long_ago = time.time() - 7_200
    os.utime(old, (long_ago, long_ago))

    outbox.add(entry("key-2"))

    assert len(list(outbox.entries())) == 2
    assert not old.exists()
    assert new.exists()  # somebody may be writing it


def test_what_concerns_a_user_is_dropped(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    for number, user_id in enumerate(["marta", "ada", "marta"]):
        outbox.add(entry(f"key-{number}", user_id=user_id))

    assert outbox.forget_user("marta") == 2
    assert [kept.user_id for kept in outbox.entries()] == ["ada"]


def add_many(folder: Path, name: str) -> None:
    outbox = Outbox(folder, max_entries=50)
    for number in range(20):
        try:
            outbox.add(entry(f"{name}-{number}"))
        except OutboxFull:
            return


def test_processes_share_a_folder_and_its_bounds(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    spawned = multiprocessing.get_context("spawn")
    writers = [spawned.Process(target=add_many, args=(folder, f"p{n}")) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    kept = list(Outbox(folder).entries())
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(kept) == len({one.idempotency_key for one in kept}) == 50


def test_threads_share_it_too(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox", max_entries=30)

    with ThreadPoolExecutor(8) as pool:
        outcomes = [pool.submit(outbox.add, entry(str(n))) for n in range(40)]
    full = [one for one in outcomes if isinstance(one.exception(), OutboxFull)]

    assert len(list(outbox.entries())) == 30
    assert len(full) == 10


def test_one_sends_at_a_time_and_a_turn_ends_with_its_holder(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")

    turn = outbox.take_turn()
    assert turn is not None
    assert Outbox(tmp_path / "outbox").take_turn() is None
    os.close(turn)
    again = outbox.take_turn()
    assert again is not None
    os.close(again)


def test_an_entry_of_another_version_stays(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.add(entry())
    (name,) = outbox.names()
    file = tmp_path / "outbox" / name
    file.write_bytes(file.read_bytes().replace(b'"format": 1', b'"format": 9'))

    with pytest.raises(OutboxError):
        outbox.read(name)
    assert outbox.names() == [name]


def test_entries_without_a_document_tell_it_by_its_hash() -> None:
    reference = replace(entry(), content=None, filename=None)

    assert reference.is_of(DOCUMENT)
    assert not reference.is_of(b"another")

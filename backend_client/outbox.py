"""Local answers that wait on disk until the service has recorded them.

One file an entry, written whole or not at all, readable by its owner alone. Several processes may
share a folder: each file appears by a rename, and one process sends at a time. Names of files say
when, never who or what.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from backend_client._outbox_cipher import Cipher
from backend_client._outbox_entry import Keeps, OutboxEntry, entry_of, written
from backend_client._whole_files import locked, sweep, sync_folder, write_whole
from backend_client.errors import OutboxError, OutboxFull

__all__ = ["MAX_BYTES", "MAX_ENTRIES", "Keeps", "Outbox", "OutboxEntry"]

MAX_ENTRIES, MAX_BYTES = 10_000, 1_000_000_000

SUFFIX = ".entry"
_TURN, _ADDING = ".turn", ".adding"


class Outbox:
    """``keeps="reference"`` keeps no text of a resume: neither the document nor its name.

    With ``key`` (of ``cryptography.fernet.Fernet.generate_key()``) every entry is encrypted.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        keeps: Keeps = "document",
        key: str | bytes | None = None,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._folder = Path(folder)
        self._keeps = keeps
        self._cipher = None if key is None else Cipher(key)
        self._max_entries = max_entries
        self._max_bytes = max_bytes

    def add(self, entry: OutboxEntry) -> None:
        """On disk when this returns. Raises OutboxFull, or OutboxError."""
        content = self._sealed(entry)
        try:
            self._prepare()
            with self._alone():
                self._make_room_for(len(content))
                name = f"{time.time_ns():020d}-{uuid4().hex}{SUFFIX}"
                write_whole(self._folder / name, content)
        except OSError as error:
            raise OutboxError(f"The outbox cannot be written: {error.strerror}.") from error

    def names(self) -> list[str]:
        """Of the files of all entries, oldest first. Raises OutboxError."""
        try:
            return sorted(file.name for file in self._folder.glob(f"*{SUFFIX}"))
        except OSError as error:
            raise OutboxError(f"The outbox cannot be read: {error.strerror}.") from error

    def read(self, name: str) -> OutboxEntry | None:
        """None for one that is gone. Raises OutboxError for one that cannot be read."""
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutboxError(f"An entry cannot be read: {error.strerror}.") from error
        return entry_of(self._opened(content))

    def entries(self) -> Iterator[OutboxEntry]:
        """Those that can be read, oldest first."""
        for name in self.names():
            with suppress(OutboxError):
                entry = self.read(name)
                if entry is not None:
                    yield entry

    def remove(self, name: str) -> None:
        """Raises OutboxError."""
        try:
            (self._folder / name).unlink(missing_ok=True)
            sync_folder(self._folder)
        except OSError as error:
            raise OutboxError(f"An entry cannot be removed: {error.strerror}.") from error

    def discard(self, idempotency_key: str) -> bool:
        """Drop an entry without sending it; False where there is none with this key."""
        return self._remove_where(lambda entry: entry.idempotency_key == idempotency_key) > 0

    def forget_user(self, user_id: str) -> int:
        """Drop all entries of a user; how many there were."""
        return self._remove_where(lambda entry: entry.user_id == user_id)

    def take_turn(self) -> int | None:
        """A descriptor to close after sending; None while another process sends."""
        try:
            self._prepare()
            return locked(self._folder / _TURN, wait=False)
        except OSError as error:
            raise OutboxError(f"The outbox cannot be used: {error.strerror}.") from error

    def _remove_where(self, is_meant: Callable[[OutboxEntry], bool]) -> int:
        removed = 0
        for name in self.names():
            with suppress(OutboxError):
                entry = self.read(name)
                if entry is not None and is_meant(entry):
                    self.remove(name)
                    removed += 1
        return removed

    def _prepare(self) -> None:
        """Raises OutboxError for a folder that others can look into."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and self._folder.stat().st_mode & 0o077:
            raise OutboxError(
                "Others can look into the outbox: its folder must have the mode 0700."
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        held = locked(self._folder / _ADDING, wait=True)
        try:
            yield
        finally:
            if held is not None:
                os.close(held)

    def _make_room_for(self, n_bytes: int) -> None:
        """Raises OutboxFull. What a killed process left half written is swept away here."""
        sweep(self._folder)
        sizes = self._sizes()
        if len(sizes) >= self._max_entries or sum(sizes) + n_bytes > self._max_bytes:
            raise OutboxFull(f"The outbox holds {len(sizes)} entries of {sum(sizes):,} bytes.")

    def _sizes(self) -> list[int]:
        """In bytes. Another process may remove what it sent between the list and the look."""
        sizes = []
        for file in self._folder.glob(f"*{SUFFIX}"):
            with suppress(FileNotFoundError):
                sizes.append(file.stat().st_size)
        return sizes

    def _sealed(self, entry: OutboxEntry) -> bytes:
        content = written(entry, self._keeps)
        return content if self._cipher is None else self._cipher.encrypt(content)

    def _opened(self, content: bytes) -> bytes:
        """Raises OutboxError where it was encrypted with another key, or none is given."""
        return content if self._cipher is None else self._cipher.decrypt(content)

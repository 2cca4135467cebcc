from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ml_service.cli.main import commands
from ml_service.domain.errors import InvalidRequest, StorageUnavailable
from ml_service.domain.prediction import Prediction
from ml_service.storage.database import Database
from tests.unit.cli.conftest import save, url_of
from tests.unit.storage.examples import a_prediction
from tests.unit.storage.stores import a_store


def run(folder: Path, *arguments: str, answer: str | None = None) -> Result:
    environment = {"DATA_DIR": str(folder), "DATABASE_URL": ""}
    return CliRunner().invoke(commands, arguments, env=environment, input=answer)


async def _get(folder: Path, wanted: list[Prediction]) -> list[Prediction]:
    database = Database(url_of(folder))
    await database.open()
    store = a_store(database)
    found = [await store.get(prediction.prediction_id) for prediction in wanted]
    await database.close()
    return found


def filled(folder: Path, n: int) -> list[Prediction]:
    made = [a_prediction(minutes=minutes) for minutes in range(n)]
    asyncio.run(save(made, folder))
    return made


@pytest.fixture
def made(tmp_path: Path) -> list[Prediction]:
    return filled(tmp_path / "one", 3)


def test_a_backup_restores_into_another_folder(tmp_path: Path, made: list[Prediction]) -> None:
    copy = tmp_path / "copy.zip"

    backup = run(tmp_path / "one", "db", "backup", str(copy))
    restore = run(tmp_path / "two", "db", "restore", str(copy))

    assert backup.exit_code == restore.exit_code == 0, backup.output + restore.output
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "predictions" in backup.stdout
    assert "Restored" in restore.stdout
    assert asyncio.run(_get(tmp_path / "two", made)) == made
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.zip", "one", "two"]


def test_a_backup_can_say_what_it_holds_as_json(tmp_path: Path, made: list[Prediction]) -> None:
    done = run(tmp_path / "one", "db", "backup", str(tmp_path / "c.zip"), "--json", "--quiet")

    said = json.loads(done.stdout)
    assert {table["name"]: table["rows"] for table in said["tables"]}["predictions"] == len(made)
    assert said["bytes"] == (tmp_path / "c.zip").stat().st_size
    assert done.stderr == ""


def test_a_damaged_copy_is_refused_before_the_database_is_made(
    tmp_path: Path, made: list[Prediction]
) -> None:
    copy = tmp_path / "copy.zip"
    run(tmp_path / "one", "db", "backup", str(copy))
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)

    refused = run(tmp_path / "two", "db", "restore", str(copy))

    assert isinstance(refused.exception, InvalidRequest)
    assert not (tmp_path / "two").exists()


def test_nothing_is_replaced_without_a_yes(tmp_path: Path, made: list[Prediction]) -> None:
    copy = tmp_path / "copy.zip"
    run(tmp_path / "one", "db", "backup", str(copy))
    others = filled(tmp_path / "two", 2)

    plain = run(tmp_path / "two", "db", "restore", str(copy))
    unasked = run(tmp_path / "two", "db", "restore", str(copy), "--replace", answer="y\n")

    assert isinstance(plain.exception, InvalidRequest)
    assert plain.exception.field == "replace"
    assert isinstance(unasked.exception, InvalidRequest)
    assert unasked.exception.field == "yes"
    assert asyncio.run(_get(tmp_path / "two", others)) == others
    assert run(tmp_path / "two", "db", "restore", str(copy), "--replace", "--yes").exit_code == 0
    assert asyncio.run(_get(tmp_path / "two", made)) == made


@pytest.mark.parametrize("command", [["check"], ["backup", "copy.zip"]])
def test_a_database_that_is_not_there_is_not_made(
    tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    failed = run(tmp_path / "none", "db", *command)

    assert isinstance(failed.exception, StorageUnavailable)
    assert list(tmp_path.iterdir()) == []


def test_check_tells_what_is_wrong_by_its_exit_status(
    tmp_path: Path, made: list[Prediction]
) -> None:
    whole = run(tmp_path / "one", "db", "check")
    asyncio.run(_break(tmp_path / "one"))
    broken = run(tmp_path / "one", "db", "check")
    as_json = run(tmp_path / "one", "db", "check", "--json", "--quiet")

    assert (whole.exit_code, broken.exit_code, as_json.exit_code) == (0, 1, 1)
    assert "The database is whole." in whole.stdout
    assert "Something is wrong." in broken.stdout
    wrong = [finding for finding in json.loads(as_json.stdout) if not finding["ok"]]
    assert [finding["name"] for finding in wrong] == ["predictions"]
    assert wrong[0]["n_problems"] == len(made)
    assert "Ada" not in broken.stdout + as_json.stdout


async def _break(folder: Path) -> None:
    database = Database(url_of(folder))
    await database.open()
    async with database.writing() as connection:
        await connection.exec_driver_sql("UPDATE predictions SET ats_score = 1")
    await database.close()

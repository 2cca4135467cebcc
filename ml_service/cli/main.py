"""All commands."""

from __future__ import annotations

from ml_service.cli import (
    bulk,
    database,
    evaluate,
    history,
    intent,
    interview,
    jobs,
    keys,
    models,
    predict,
    serve,
    train,
)
from ml_service.cli.running import command_line, run

commands = command_line()
commands.command("serve")(serve.serve)
commands.command("predict")(predict.predict)
commands.command("bulk")(bulk.bulk)
commands.command("interview")(interview.interview)
commands.command("intent")(intent.intent)
commands.command("evaluate")(evaluate.evaluate)
commands.command("train")(train.train)
commands.add_typer(models.commands, name="models")
commands.add_typer(jobs.commands, name="jobs")
commands.add_typer(history.commands, name="history")
commands.add_typer(database.commands, name="db")
commands.add_typer(keys.commands, name="keys")


def main() -> None:
    run(commands)

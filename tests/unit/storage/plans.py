"""How a database means to answer a statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from ml_service.storage.database import Database


async def plan_of(database: Database, statement: Select[Any]) -> str:
    async with database.reading() as connection:
        compiled = statement.compile(
            dialect=connection.dialect, compile_kwargs={"literal_binds": True}
        )
        verb = "EXPLAIN" if database.dialect == "postgresql" else "EXPLAIN QUERY PLAN"
        rows = (await connection.exec_driver_sql(f"{verb} {compiled}")).all()
    return "\n".join(str(row[-1]) for row in rows)

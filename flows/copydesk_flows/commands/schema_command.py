"""``copydesk schema``: show the fields of the dataset's tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table as Grid

from copydesk import Pipeline, Settings, SettingsError, Table
from copydesk.operations import SCHEMAS
from copydesk_flows.console.terminal import safe


def show_schema(console: Console, tables: dict[str, pa.Schema], as_json: bool) -> None:
    """Print the fields of tables with their types and descriptions."""
    if as_json:
        console.print(json.dumps({name: list(_fields(schema)) for name, schema in tables.items()}, indent=2), soft_wrap=True)
        return
    for name, schema in tables.items():
        table = Grid("field", "type", "description", title=name, title_justify="left", title_style="bold", box=None, pad_edge=False)
        for item in _fields(schema):
            table.add_row(safe(item["name"]), safe(item["type"]), safe(item["description"]))
        console.print(table)
        console.print()


def _fields(schema: pa.Schema) -> Iterator[dict[str, str]]:
    for item in schema:
        metadata: dict[bytes, Any] = item.metadata or {}
        yield {"name": item.name, "type": str(item.type), "description": metadata.get(b"description", b"").decode()}


def choose_tables(name: str | None, settings: Settings) -> dict[str, pa.Schema]:
    """Return the schemas of all tables by name, including those of plugins, or only that of the named table.

    Raises:
        SettingsError: there is no such table.
    """
    tables: dict[str, pa.Schema] = dict(SCHEMAS)
    if name not in tables:  # load the plugins only when the table may be one of theirs
        tables |= {table.name: table.schema for _, table in Pipeline(settings).tables() if isinstance(table, Table)}
    if name is None:
        return tables
    if name not in tables:
        raise SettingsError(f"no table named {name!r} (tables: {', '.join(tables)})")
    return {name: tables[name]}

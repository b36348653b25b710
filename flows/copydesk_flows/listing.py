"""``copydesk plugins`` and ``copydesk schema``: what is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table as Grid

from copydesk import Pipeline, Settings, SettingsError, Table
from copydesk.plugins import PluginInfo
from copydesk.tables import SCHEMAS
from copydesk_flows.terminal import safe

FIRST_RESULT = ("plan_source", "open_source", "extract", "choose_metadata")
"""Hooks where the first answer wins, so that the order counts."""


def show_plugins(console: Console, settings: Settings, as_json: bool) -> None:
    """All plugins with origin, version and hooks; for hooks where one answer wins, who is asked first; the disabled ones.

    Raises:
        CopydeskError: a plugin cannot be loaded.
    """
    pipeline = Pipeline(settings)
    infos = sorted(pipeline.plugins.infos, key=lambda info: info.name)
    order = {hook: pipeline.plugins.order(hook) for hook in FIRST_RESULT}
    if as_json:
        console.print(json.dumps({"plugins": [asdict(info) for info in infos], "order": order, "disabled": list(settings.disable),
                                  "fingerprint": pipeline.fingerprint}, indent=2), soft_wrap=True)
        return
    console.print(_plugin_table(infos))
    console.print("\nasked in this order, the first answer wins:", style="bold")
    for hook, names in order.items():
        console.print(safe(f"  {hook}: {' > '.join(names) or 'none'}"))
    console.print(safe(f"disabled: {', '.join(settings.disable) or 'none'}"))
    console.print(f"fingerprint: {pipeline.fingerprint}")


def _plugin_table(infos: list[PluginInfo]) -> Grid:
    table = Grid("plugin", "version", "origin", "hooks", box=None, pad_edge=False)
    for info in infos:
        table.add_row(safe(info.name), safe(info.version or "-"), safe(info.origin), safe(", ".join(info.hooks)))
    return table


def show_schema(console: Console, tables: dict[str, pa.Schema], as_json: bool) -> None:
    """Fields of tables with type and description."""
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
    """The schemas by table name, those of plugins too; only one when named.

    Raises:
        SettingsError: there is no such table.
    """
    tables: dict[str, pa.Schema] = dict(SCHEMAS)
    if name not in tables:  # plugins are loaded only when they can matter
        tables |= {table.name: table.schema for _, table in Pipeline(settings).tables() if isinstance(table, Table)}
    if name is None:
        return tables
    if name not in tables:
        raise SettingsError(f"no table named {name!r} (tables: {', '.join(tables)})")
    return {name: tables[name]}

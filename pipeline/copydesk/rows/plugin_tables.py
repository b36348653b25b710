"""Plugins' own tables: checked when they are announced, and each row before anything of its article is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pyarrow as pa

from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.errors import PluginError
from copydesk.model.article import Article
from copydesk.model.plugin_table import Table
from copydesk.pipeline import Pipeline
from copydesk.plugins.discovery import FAILURES
from copydesk.plugins.manager import Plugins
from copydesk.rows.arrow_batches import UnfitRowsError, packed
from copydesk.rows.article_rows import Row
from copydesk.rows.plain_values import plain
from copydesk.rows.plugin_values import row_fault, unstorable

KEY = "article_id"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
Owned = tuple[str, Table]
"""A plugin's name and a table of it."""


class UnfitRowError(PluginError):
    """A row of a plugin's table is none of its schema, or of another article."""


def plugin_tables(pipeline: Pipeline) -> tuple[tuple[str, Table], ...]:
    """The plugins' own tables, checked.

    Raises:
        PluginError: a table has no proper name, one that is taken, no schema with ``article_id``, or a column that cannot be stored.
    """
    found: list[tuple[str, Table]] = []
    names = set(SCHEMAS)
    for plugin, table in pipeline.tables():
        if not isinstance(table, Table):
            raise PluginError(plugin, "", f"hook tables returned {type(table).__name__}, not Table")
        if not isinstance(table.name, str) or not isinstance(table.schema, pa.Schema) or not callable(table.rows):
            raise PluginError(plugin, "", f"{table!r:.80} has not a name, an Arrow schema and a function for its rows")
        if not _NAME.fullmatch(table.name) or table.name in names:
            raise PluginError(plugin, "", f"table name {table.name!r} is taken or not of the form [a-z][a-z0-9_]*")
        if fault := _schema_fault(table.schema):
            raise PluginError(plugin, "", f"table {table.name!r} {fault}")
        names.add(table.name)
        found.append((plugin, table))
    return tuple(found)


def _schema_fault(schema: pa.Schema) -> str | None:
    """What keeps a schema from being that of a table of the dataset, or None."""
    fault = unstorable(schema)
    if fault is None and (KEY not in schema.names or schema.field(KEY).type != pa.string()):
        return f"has no field {KEY} of type string"
    return fault


def own_batches(plugins: Plugins, tables: Iterable[Owned], article: Article) -> dict[str, bytes]:
    """An article's rows in plugins' tables as IPC messages, by table, where there are any.

    Raises:
        UnfitRowError: one does not fit (unless the settings say to go on without the plugin); the first such row and column are named.
        PluginError: a plugin raised (the same).
    """
    made: dict[str, bytes] = {}
    for plugin, table in tables:
        try:
            found = _rows(plugins, plugin, table, article)
            if found:
                made[table.name] = _packed(plugin, table, found)
        except PluginError:
            if not plugins.skip_failing:
                raise
            plugins.skip(plugin)
    return made


def _rows(plugins: Plugins, plugin: str, table: Table, article: Article) -> list[Row]:
    try:
        with plugins.working(plugin, "tables"):
            found = [plain(row) for row in table.rows(article)]
    except FAILURES as error:
        raise PluginError(plugin, "tables", f"table {table.name!r}: {type(error).__name__}: {error}") from error
    for number, row in enumerate(found, start=1):
        wrong = _fault(row, table.schema, article.article_id)
        if wrong:
            raise UnfitRowError(plugin, "tables", f"table {table.name!r}, row {number}: {wrong}")
    return found


def _fault(row: Row, schema: pa.Schema, article_id: str) -> str | None:
    """What is wrong with a row's key, columns or values, or None; values of another type are found when it is packed."""
    if row.get(KEY) != article_id:
        return f"{KEY} is {row.get(KEY)!r:.60}, not the article's ({article_id})"
    unknown = sorted(set(row) - set(schema.names))
    if unknown:
        return f"no column {unknown[0]!r:.60} (columns: {', '.join(schema.names)})"
    return row_fault(row, schema)


def _packed(plugin: str, table: Table, found: list[Row]) -> bytes:
    """The rows as one message; the first value that its column does not take is named."""
    try:
        return packed(found, table.schema)
    except UnfitRowsError as error:
        places = ((number, field, row.get(field.name)) for number, row in enumerate(found, start=1) for field in table.schema)
        wrong = next((f"row {number}: column {field.name!r}: {value!r:.60} is no {field.type}" for number, field, value in places
                      if not _takes(field, value)), error)
        raise UnfitRowError(plugin, "tables", f"table {table.name!r}, {wrong}") from error


def _takes(field: pa.Field, value: object) -> bool:
    try:
        packed([{field.name: value}], pa.schema([field]))
    except UnfitRowsError:
        return False
    return True


def schemas_with(plugin_schemas: Mapping[str, pa.Schema]) -> dict[str, pa.Schema]:
    """The schemas of all tables, those of plugins with the table's name in their metadata."""
    return {**SCHEMAS, **{name: schema.with_metadata({**(schema.metadata or {}), b"copydesk.table": name.encode()})
                          for name, schema in plugin_schemas.items()}}

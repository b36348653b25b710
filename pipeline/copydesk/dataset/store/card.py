"""Write the dataset card: ``README.md`` in the output folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from copydesk.dataset.format.commits import Commit
from copydesk.dataset.format.layout import Layout
from copydesk.dataset.format.part_files import part_name, part_schema
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.storage.durable_files import replace_file
from copydesk.text.strings import inert

_TEXT = """# Dataset

News articles, their quotations with speakers, and a record of what was removed from their pages and why.

Written by copydesk. Commit {number}, schema {schema}, fingerprint {fingerprint}.

| table | rows | files |
|---|---:|---|
{tables}

{reading}

## How it was made

The inputs of the last commit: {counts}. Every input has one outcome: written, duplicate, unchanged, ignored, rejected or quarantined.
Each page went through the same stages: its text blocks were found, labelled, and kept or removed; dates, authors and other facts were
proposed, each with its place on the page, and the most trusted chosen; quotations were found in the kept text, and linked to speakers.
All of it was done by rules and small models, none of it by hand: values can be wrong. `claims` holds the candidates for each
value, `removals` every passage that was left out, `rejects` what became no article.

The fingerprint stands for the plugins, their versions and data, and the settings; each article has the one that it was made under.
The rights in the texts are those of their publishers.

## Fields

{fields}
"""
"""The card, from its heading on."""
MOST_BATCHES = 500
"""In an object store, the card names the files of each live batch for up to this many batches; above, it names none."""
_FRONT = """---
configs:
{configs}
size_categories:
- {size}
tags:
- news
- quotations
---

"""
"""The YAML header of the card."""
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"),
          (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"))
"""Hugging Face's size categories; each holds for fewer articles than its number."""
_FOLDER = """Read it (in this folder):

    duckdb -c "SELECT date_published, domain, headline FROM 'data/*/articles-*.parquet'"
    python -c "import polars as pl; print(pl.scan_parquet('data/*/quotes-*.parquet').collect())"
    python -c "import copydesk; print(copydesk.open_dataset('.').table('articles'))"

`article_id` links the tables. A table's fields are described in its schema (`copydesk schema`). Files under `data/` are whole and
never change. While a commit replaces rows, a glob may for an instant miss a file or see a row twice; `copydesk.open_dataset` never does.
`_commits/` says what each commit added, removed and counted, `_retired/` keeps replaced batches for a while, `_ledger/` knows which
records were seen, `_staging/` is work under way."""
"""How to read a dataset in a local folder."""
_STORE = """Read it by its commits:

    python -c "import copydesk; print(copydesk.open_dataset('{url}').table('articles'))"

`article_id` links the tables. A table's fields are described in its schema (`copydesk schema`). Objects under `data/` never change, but
not all are part of the dataset: uploads under way and replaced batches lie there too. `_commits/` says what each commit added, removed
and counted."""
"""How to read a dataset in an object store."""


def write(layout: Layout, commit: Commit, url: str | None = None, live: Sequence[str] = ()) -> None:
    """Write the card of a commit.

    Args:
        layout: where to write the card, and where to look for part files of plugins' tables.
        commit: the commit that the card describes.
        url: the URL of a dataset in an object store; None for one in a folder.
        live: the names of the live batches; needed with ``url`` only.
    """
    tables = "\n".join(f"| {name} | {count} | `data/*/{name}-*.parquet` |" for name, count in commit.totals.items())
    counts = ", ".join(f"{count:,} {status}" for status, count in commit.counts.items() if count) or "none"
    fields = "\n\n".join(_fields(layout, name) for name in commit.totals)
    text = _TEXT.format(number=commit.number, schema=commit.schema_version, fingerprint=commit.fingerprint, tables=tables, counts=counts,
                        reading=_FOLDER if url is None else _STORE.format(url=url), fields=fields)
    replace_file(layout.card, (_front(commit, None if url is None else live) + text).encode())


def _front(commit: Commit, batches: Sequence[str] | None) -> str:
    """Make the YAML header that Hugging Face's hub and its datasets library read. Each table is a configuration.

    Empty tables are left out, because the library cannot load them. In an object store, ``data/`` also holds batches that are not live, so
    the header names the live ones. It leaves out plugins' tables there, because a batch may lack them.
    """
    names = sorted((name for name, count in commit.totals.items() if count), key=lambda name: (name != "articles", name))
    if batches is not None:
        names = [name for name in names if name in SCHEMAS] if len(batches) <= MOST_BATCHES else []
    if not names:
        return ""
    configs = "\n".join(f"- config_name: {name}\n" + ("  default: true\n" if name == "articles" else "") + _data_files(name, batches)
                        for name in names)
    articles = commit.totals.get("articles", 0)
    return _FRONT.format(configs=configs, size=next((size for most, size in _SIZES if articles < most), "n>1B"))


def _data_files(name: str, batches: Sequence[str] | None) -> str:
    if batches is None:
        return f"  data_files: data/*/{name}-*.parquet"
    return "\n".join(["  data_files:", *(f"  - data/{batch}/{name}-*.parquet" for batch in batches)])


def _fields(layout: Layout, name: str) -> str:
    """List the fields of a table. A plugin's table has its schema in its part files; without local part files its fields are left out."""
    schema = SCHEMAS.get(name) or _schema_of_files(layout, name)
    if schema is None:
        return f"### {name}\n\nA plugin's own table; its schema, with descriptions, stands in its files."
    lines = [f"| `{field.name}` | `{field.type}` | {_described(field.metadata)} |" for field in schema]
    told = [] if name in SCHEMAS else [f"A plugin's own table. {_described(schema.metadata)}".strip(), ""]
    return "\n".join([f"### {name}", "", *told, "| field | type | what it holds |", "|---|---|---|", *lines])


def _described(metadata: Mapping[bytes, bytes] | None) -> str:
    return inert((metadata or {}).get(b"description", b"").decode("utf-8", "replace")).replace("|", "/")


def _schema_of_files(layout: Layout, name: str) -> pa.Schema | None:
    """Return the schema of a plugin's table from the newest part file that can be read, or None."""
    for path in sorted(layout.data.glob(f"*/{part_name(name, 0)}"), reverse=True):
        try:
            return part_schema(path)
        except (OSError, pa.ArrowException):  # a commit replaced the batch meanwhile, or the file is damaged: `check` reports that
            continue
    return None


def is_of(layout: Layout, commit: Commit) -> bool:
    """Tell whether the card exists and describes this commit."""
    try:
        return f"Commit {commit.number}, schema ".encode() in layout.card.read_bytes()
    except FileNotFoundError:
        return False

"""The dataset card: ``README.md`` in the output folder."""

from __future__ import annotations

from copydesk.commits import Commit
from copydesk.layout import Layout, replace_file

_TEXT = """# Dataset

Written by copydesk. Commit {number}, schema {schema}, fingerprint {fingerprint}.

| table | rows | files |
|---|---:|---|
{tables}

{reading}
"""
_FOLDER = """Read it (in this folder):

    duckdb -c "SELECT date_published, domain, headline FROM 'data/*/articles-*.parquet'"
    python -c "import polars as pl; print(pl.scan_parquet('data/*/quotes-*.parquet').collect())"
    python -c "import copydesk; print(copydesk.open_dataset('.').table('articles'))"

`article_id` links the tables. A table's fields are described in its schema (`copydesk schema`). Files under `data/` are whole and
never change. While a commit replaces rows, a glob may for an instant miss a file or see a row twice; `copydesk.open_dataset` never does.
`_commits/` says what each commit added, removed and counted, `_retired/` keeps replaced batches for a while, `_ledger/` knows which
records were seen, `_staging/` is work under way."""
_STORE = """Read it by its commits:

    python -c "import copydesk; print(copydesk.open_dataset('{url}').table('articles'))"

`article_id` links the tables. A table's fields are described in its schema (`copydesk schema`). Objects under `data/` never change, but
not all are part of the dataset: uploads under way and replaced batches lie there too. `_commits/` says what each commit added, removed
and counted."""


def write(layout: Layout, commit: Commit, url: str | None = None) -> None:
    """Bring the card up to a commit; ``url`` is where the dataset lies when that is an object store."""
    tables = "\n".join(f"| {name} | {count} | `data/*/{name}-*.parquet` |" for name, count in commit.totals.items())
    text = _TEXT.format(number=commit.number, schema=commit.schema_version, fingerprint=commit.fingerprint, tables=tables,
                        reading=_FOLDER if url is None else _STORE.format(url=url))
    replace_file(layout.card, text.encode())


def is_of(layout: Layout, commit: Commit) -> bool:
    """Whether the card is there and tells of this commit."""
    try:
        return f"Commit {commit.number}, schema ".encode() in layout.card.read_bytes()
    except FileNotFoundError:
        return False

"""The SQL of the ledger: its tables, its longer queries and its inserts.

``records`` says which outcome a record from a source had, in which commit (``number``). ``articles`` holds the articles of the dataset;
``before`` is the text that an article had when the run began which changed it last. ``erased`` holds the identities that must not come
back. ``meta`` holds the version of the ledger and the numbers of two commits: the last one taken in, and the last one of a finished run.
"""

from __future__ import annotations

from copydesk.model.status import Status

TABLES = """
CREATE TABLE records (key BLOB, source TEXT, status TEXT, fingerprint TEXT, number INTEGER, article_id TEXT, text TEXT,
                      PRIMARY KEY (key, source)) WITHOUT ROWID;
CREATE INDEX records_by_source ON records (source, number);
CREATE INDEX records_erased ON records (key) WHERE status = 'erased';
CREATE TABLE articles (article_id TEXT PRIMARY KEY, identity TEXT, text TEXT, captured INTEGER, source TEXT, number INTEGER,
                       batch INTEGER, before TEXT) WITHOUT ROWID;
CREATE INDEX articles_by_batch ON articles (batch);
CREATE INDEX articles_by_owner ON articles (identity, source);
CREATE INDEX articles_by_text ON articles (identity, text);
CREATE TABLE erased (identity TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER);
"""
MOST_LOOKED_AT = 64
"""Records of the same bytes that `ELSEWHERE` looks at, so that a page with very many copies takes no longer."""
IS_HELD = "r.text = CASE WHEN a.number < :base THEN a.text ELSE a.before END"
"""Whether the dataset held the record's article with the record's text when the run began."""
OWN = f"""
SELECT r.status, r.fingerprint, r.number, {IS_HELD},
       r.number = (SELECT max(number) FROM records WHERE source = r.source AND number < :base)
FROM records AS r LEFT JOIN articles AS a ON a.article_id = r.article_id WHERE r.key = :key AND r.source = :source
"""  # noqa: S608  # all parts are constants of this file
"""The record from one source: its outcome, whether its text is held, and whether nothing newer came from the source before this run."""
ELSEWHERE = f"""
SELECT 1 FROM (SELECT status, number, article_id, text FROM records WHERE key = :key LIMIT {MOST_LOOKED_AT}) AS r
JOIN articles AS a ON a.article_id = r.article_id
WHERE r.number < :base AND r.status IN ('{Status.WRITTEN}', '{Status.DUPLICATE}') AND {IS_HELD} LIMIT 1
"""  # noqa: S608  # all parts are constants of this file
"""Whether an earlier run took the same bytes from any source, and the dataset still holds the text."""
ERASED = "SELECT 1 FROM records INDEXED BY records_erased WHERE key = :key AND status = 'erased' LIMIT 1"
"""Whether a record with these bytes was erased."""
HELD = "SELECT article_id, identity, text, captured, source, number, batch FROM articles"
"""The start of a query for rows that become `Held` objects."""
INSERT_RECORD = """
INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key, source) DO UPDATE SET status = excluded.status,
fingerprint = excluded.fingerprint, number = excluded.number, article_id = excluded.article_id, text = excluded.text
WHERE excluded.number >= records.number
"""
"""Adds a record, or updates it unless a later commit has done so."""
INSERT_ARTICLE = """
INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (article_id) DO UPDATE SET
before = CASE WHEN articles.number < ? THEN articles.text ELSE articles.before END,
identity = excluded.identity, text = excluded.text, captured = excluded.captured, source = excluded.source,
number = excluded.number, batch = excluded.batch WHERE excluded.number >= articles.number
"""
"""Adds an article, or updates it unless a later commit has done so. The last parameter is the first commit of the run."""

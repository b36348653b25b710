"""Erase an article for good: remove its rows from every table of every batch, and make sure that no run takes it again.

Of the article, the dataset keeps its id, a hash of its bytes, the path of its file, and the fact that it was erased. The id is a hash too:
of a URL, or of the text. Batches that held the article are deleted at once, even those kept for older commits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from copydesk.dataset.format import commits, part_files
from copydesk.dataset.ledger import batch_entries
from copydesk.dataset.ledger.index import ERASED, Held, LedgerEntry
from copydesk.dataset.maintenance import session
from copydesk.dataset.maintenance.results import Erased
from copydesk.dataset.maintenance.session import MaintenanceSession, RewrittenBatch
from copydesk.dataset.store.batches import Change, carry_over, tables_in, without
from copydesk.errors import DatasetError
from copydesk.metadata.article_id import of_url
from copydesk.model.status import Status
from copydesk.text.urls import canonicalise


@dataclass(frozen=True, slots=True)
class Target:
    """The articles to erase.

    Attributes:
        articles: their ids.
        identities: their identities (see `LedgerEntry`).
        urls: all URLs that they are known by.
        sources: source path and record of all their records.
    """

    articles: frozenset[str]
    identities: frozenset[str]
    urls: frozenset[str]
    sources: frozenset[tuple[str, str]]

    def is_of(self, entry: LedgerEntry) -> bool:
        """Tell whether a ledger entry belongs to one of the articles, or to a duplicate of one."""
        return entry.article_id in self.articles or entry.identity in self.identities


@dataclass(slots=True)
class Erasure:
    """A prepared erasure. Nothing is changed before `do`.

    Attributes:
        target: the articles to erase.
        batches: live batches that hold rows of them; they are replaced by one new batch.
        purged: batches that are deleted: ``batches``, and batches kept for older commits that may hold rows.
        lost_commits: older commits that cannot be read afterwards.
    """

    target: Target
    batches: tuple[str, ...]
    purged: tuple[str, ...]
    lost_commits: tuple[int, ...]
    _work: MaintenanceSession

    def do(self) -> Erased:
        """Erase the articles.

        Raises:
            DatasetError: the dataset cannot be written, or another writer has made a commit with this number.
        """
        commit = self._work.commit(self.batches, self._make, {"erased": sorted(self.target.articles)}, self.purged)
        self._work.ledger.shrink()
        return Erased(tuple(sorted(self.target.articles)), commit.number, self.lost_commits)

    def _make(self, folder: Path, number: int) -> RewrittenBatch:
        made, change = RewrittenBatch(), _change(self.target)
        for part, name in enumerate(self.batches):
            made.files |= carry_over(self._work.store.batch(name), folder, part, change, made.gone)
        batch_entries.write(folder, self._entries(number))
        return made

    def _entries(self, number: int) -> Iterator[LedgerEntry]:
        fingerprint = self._work.state.commit.fingerprint if self._work.state.commit else ""
        for entry in batch_entries.of_batches(map(self._work.store.batch, self.batches)):
            yield replace(entry, status=ERASED, text=None, captured=None) if self.target.is_of(entry) else entry
        for identity in sorted(self.target.identities):
            yield LedgerEntry(sha256(f"{ERASED}\n{identity}".encode()).hexdigest(), "", ERASED, fingerprint, number, identity=identity)


def erase(path: str | Path, what: str, keep_commits: int) -> Erased:
    """Erase an article: see `copydesk.erase`."""
    with session.maintenance_session(path, keep_commits) as work:
        return prepare(work, what).do()


def prepare(work: MaintenanceSession, what: str) -> Erasure:
    """Find the articles to erase, and all batches that hold rows of them.

    Args:
        work: the dataset, opened for maintenance.
        what: the article's id, or a URL of the article.

    Raises:
        DatasetError: there is no such article.
    """
    target = _target(work, what)
    batches = tuple(name for name in work.state.live if _holds(work.store.batch(name), target))
    retired = [name for name in work.store.replaced() if _may_hold(work, name, target)]
    purged = (*batches, *retired)
    kept = [number for number in commits.numbers(work.store.layout) if number > work.state.number - work.keep_commits]
    lost = tuple(number for number in kept if set(commits.state_at(work.store.layout, number).live) & set(purged))
    return Erasure(target, batches, purged, lost, work)


def _target(work: MaintenanceSession, what: str) -> Target:
    url = canonicalise(what)
    urls = {name for name in (what, url) if name} if url else set[str]()
    identities = {of_url(url)} if url else set[str]()
    held = {one.article_id: one for one in _found(work, what, urls, identities)}
    if not held:
        before = any(map(work.ledger.is_erased, {what, *identities}))
        raise DatasetError(f"no article {what} in {work.store.url}" + (": it was erased before" if before else
                           "; name an article_id, or a URL as the tables have it in url or canonical_url"))
    identities |= {one.identity for one in held.values()}
    held |= {one.article_id: one for identity in identities for one in work.ledger.of_identity(identity)}
    return _with_places(work, frozenset(held), frozenset(identities), urls)


def _found(work: MaintenanceSession, what: str, urls: Collection[str], identities: Iterable[str]) -> Iterator[Held]:
    """Yield the articles that the user means: by id, by identity, or by one of their URLs. An article may come several times."""
    if (one := work.ledger.held(what)) is not None:
        yield one
    for identity in identities:
        yield from work.ledger.of_identity(identity)
    if urls:
        wanted = pa.array(sorted(urls), pa.string())
        for portion in _articles(map(work.store.batch, work.state.live)):
            hit = pc.or_kleene(*(pc.fill_null(pc.is_in(portion[name], value_set=wanted), False) for name in ("url", "canonical_url")))
            for article_id in portion.filter(hit)["article_id"].to_pylist():
                if (one := work.ledger.held(article_id)) is not None:
                    yield one


def _with_places(work: MaintenanceSession, articles: frozenset[str], identities: frozenset[str], urls: set[str]) -> Target:
    """Make the target: add all URLs of the articles, and the sources of all their records."""
    ids, batches, sources = pa.array(sorted(articles), pa.string()), list(map(work.store.batch, work.state.live)), set[tuple[str, str]]()
    for portion in _articles(batches):
        gone = portion.filter(pc.is_in(portion["article_id"], value_set=ids))
        urls.update(url for name in ("url", "canonical_url") for url in gone[name].to_pylist() if url)
    found = Target(articles, identities, frozenset(urls), frozenset())
    for entry in batch_entries.of_batches(batches):
        if found.is_of(entry):
            sources |= _places(entry.source)
    return replace(found, sources=frozenset(sources))


def _places(source: str) -> set[tuple[str, str]]:
    """Return path and record of a ledger source. An @ may belong to the record or introduce its offset, so there may be two readings."""
    path, place = source.split("\t")[:2]
    return {(path, place), (path, place.rpartition("@")[0] or place)}


def _articles(batches: Iterable[Path]) -> Iterator[pa.Table]:
    """Yield ids and URLs of the articles in batches."""
    for batch in batches:
        for path in tables_in(batch).get("articles", []):
            yield from part_files.read_part(path, ["article_id", "url", "canonical_url"])


def _holds(batch: Path, target: Target) -> bool:
    """Tell whether a batch holds anything of the target: a row of an article, a ledger entry, or a reject."""
    ids = pa.array(sorted(target.articles), pa.string())
    if any(pc.any(pc.is_in(portion["article_id"], value_set=ids)).as_py() for portion in _articles([batch])):
        return True
    if any(entry.status != ERASED and target.is_of(entry) for entry in batch_entries.of_batches([batch])):
        return True
    return any(pc.any(_names(portion, target)).as_py()
               for path in tables_in(batch).get("rejects", []) for portion in part_files.read_part(path))


def _may_hold(work: MaintenanceSession, name: str, target: Target) -> bool:
    """Tell whether a replaced batch may hold anything of the target; an unreadable one may."""
    try:
        return _holds(work.store.batch(name), target)
    except (DatasetError, OSError, pa.ArrowException):
        return True


def _names(rejects: pa.Table, target: Target) -> pa.ChunkedArray:
    """Return for each reject whether its URL must go: it is a URL of the target, or the reject is a duplicate from one of its sources."""
    hit = [row["url"] is not None and (_is_its_url(row["url"], target) or _is_its_duplicate(row, target))
           for row in rejects.select(["url", "source_path", "record", "outcome"]).to_pylist()]
    return pa.chunked_array([pa.array(hit, pa.bool_())])


def _is_its_url(url: str, target: Target) -> bool:
    canonical = canonicalise(url)
    return url in target.urls or (canonical is not None and (canonical in target.urls or of_url(canonical) in target.identities))


def _is_its_duplicate(row: Mapping[str, str | None], target: Target) -> bool:
    return row["outcome"] == Status.DUPLICATE and (row["source_path"] or "", row["record"] or "") in target.sources


def _change(target: Target) -> Change:
    """Return a change that drops the articles' rows, and sets the URL of rejects that refer to the articles to null."""
    drop = without(target.articles)

    def change(table: str, portion: pa.Table) -> pa.Table:
        if table != "rejects":
            return drop(table, portion)
        index = portion.schema.get_field_index("url")
        urls = pc.if_else(_names(portion, target), pa.scalar(None, pa.string()), portion["url"])
        return portion.set_column(index, portion.schema.field(index), urls)

    return change

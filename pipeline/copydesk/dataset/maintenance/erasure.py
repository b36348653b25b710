"""Erase an article for good: its rows leave every table of every batch, and neither its bytes nor its identity are taken again.

What stays of it are hashes (its id, of its bytes and text), the path of the file it came from, and that it was erased. The batches
that held it are deleted at once, those kept for older commits too.
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
    """What is to go: ids of articles, their identities, all URLs they are known by, and the sources of their records."""

    articles: frozenset[str]
    identities: frozenset[str]
    urls: frozenset[str]
    sources: frozenset[tuple[str, str]]

    def is_of(self, entry: LedgerEntry) -> bool:
        """Whether a ledger entry is of one of the articles, or of a duplicate of one."""
        return entry.article_id in self.articles or entry.identity in self.identities


@dataclass(slots=True)
class Erasure:
    """An erasure that is prepared: what it finds, and what it costs. `do` does it."""

    target: Target
    batches: tuple[str, ...]
    purged: tuple[str, ...]
    lost_commits: tuple[int, ...]
    _work: MaintenanceSession

    def do(self) -> Erased:
        """Erase.

        Raises:
            DatasetError: the dataset cannot be written, or another writer has made this commit.
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
    """As `upkeep.erase` says."""
    with session.maintenance_session(path, keep_commits) as work:
        return prepare(work, what).do()


def prepare(work: MaintenanceSession, what: str) -> Erasure:
    """Find what is to be erased, and all batches that hold something of it.

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
    """The articles that were named: by id, by identity, or by one of their URLs."""
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
    """The target with all URLs of its articles and the sources of all their records."""
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
    """Path and record of a ledger source; both readings of a record with an @ in it, behind which an offset may stand."""
    path, place = source.split("\t")[:2]
    return {(path, place), (path, place.rpartition("@")[0] or place)}


def _articles(batches: Iterable[Path]) -> Iterator[pa.Table]:
    """Ids and URLs of the articles of batches."""
    for batch in batches:
        for path in tables_in(batch).get("articles", []):
            yield from part_files.read_part(path, ["article_id", "url", "canonical_url"])


def _holds(batch: Path, target: Target) -> bool:
    """Whether a batch holds anything of the target: an article, an entry, or a reject with one of its URLs."""
    ids = pa.array(sorted(target.articles), pa.string())
    if any(pc.any(pc.is_in(portion["article_id"], value_set=ids)).as_py() for portion in _articles([batch])):
        return True
    if any(entry.status != ERASED and target.is_of(entry) for entry in batch_entries.of_batches([batch])):
        return True
    return any(pc.any(_names(portion, target)).as_py()
               for path in tables_in(batch).get("rejects", []) for portion in part_files.read_part(path))


def _may_hold(work: MaintenanceSession, name: str, target: Target) -> bool:
    """The same of a retired batch; one that cannot be read may."""
    try:
        return _holds(work.store.batch(name), target)
    except (DatasetError, OSError, pa.ArrowException):
        return True


def _names(rejects: pa.Table, target: Target) -> pa.ChunkedArray:
    """Which rejects have a URL of the target, or are duplicates with a URL from one of its sources."""
    hit = [row["url"] is not None and (_is_its_url(row["url"], target) or _is_its_duplicate(row, target))
           for row in rejects.select(["url", "source_path", "record", "outcome"]).to_pylist()]
    return pa.chunked_array([pa.array(hit, pa.bool_())])


def _is_its_url(url: str, target: Target) -> bool:
    canonical = canonicalise(url)
    return url in target.urls or (canonical is not None and (canonical in target.urls or of_url(canonical) in target.identities))


def _is_its_duplicate(row: Mapping[str, str | None], target: Target) -> bool:
    return row["outcome"] == Status.DUPLICATE and (row["source_path"] or "", row["record"] or "") in target.sources


def _change(target: Target) -> Change:
    """Leaves the articles out, and takes the URL from rejects that tell of them."""
    drop = without(target.articles)

    def change(table: str, portion: pa.Table) -> pa.Table:
        if table != "rejects":
            return drop(table, portion)
        index = portion.schema.get_field_index("url")
        urls = pc.if_else(_names(portion, target), pa.scalar(None, pa.string()), portion["url"])
        return portion.set_column(index, portion.schema.field(index), urls)

    return change

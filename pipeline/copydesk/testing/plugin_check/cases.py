"""The calls that a check makes of a plugin: each of its hooks on each sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from copydesk.model.article import Article
from copydesk.model.document import Document
from copydesk.model.plugin_table import Table
from copydesk.pipeline import Pipeline
from copydesk.plugins.manager import Plugins
from copydesk.report import RunReport
from copydesk.rows.plugin_tables import own_batches, plugin_tables
from copydesk.settings.schema import Settings
from copydesk.stages import describe, gate
from copydesk.stages.extract import extract
from copydesk.stages.label import label
from copydesk.stages.quotes import find_quotes
from copydesk.testing.plugin_check.samples import Material

Call = Callable[[Plugins], object]
Own = tuple[tuple[str, Table], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One call of a hook.

    Attributes:
        hook: the name of the hook.
        on: what the hook is called on, in words.
        call: the call.
        inputs: the arguments, which the hook must not change.
        twin: the same call on a second copy of the page, on which nothing is cached yet (`Document.once`). It is timed; None for no timing.
    """

    hook: str
    on: str
    call: Call
    inputs: tuple[object, ...]
    twin: Call | None = None


def page_cases(hook: str, materials: Sequence[Material], twins: Sequence[Material]) -> Iterator[Case]:
    """Yield the calls of a hook that works on pages.

    Args:
        hook: the name of the hook.
        materials: what the built-in plugins make of the samples.
        twins: the same once more, made separately.
    """
    for material, twin in zip(materials, twins, strict=True):
        for call, other, more in zip(_calls(hook, material), _calls(hook, twin), ("", ", with indirect quotes"), strict=False):
            on = f"the {'hostile ' if material.sample.is_hostile else ''}page {material.sample.name!r}{more}"
            yield Case(hook, on, call, _inputs(hook, material), None if material.sample.is_hostile or more else other)


def _inputs(hook: str, material: Material) -> tuple[object, ...]:
    return {"extract": (material.sample.page,), "label_blocks": (material.document,),
            "propose_metadata": (material.document, material.labels), "choose_metadata": (material.document, material.claims),
            "propose_quotes": (material.article,)}[hook]


def _calls(hook: str, material: Material) -> list[Call]:
    document, article = material.document, material.article
    if hook == "extract":
        return [lambda plugins: _extracted(plugins, material)]
    if document is None or article is None:
        return []
    calls: dict[str, list[Call]] = {
        "label_blocks": [lambda plugins: label(plugins, document)],
        "propose_metadata": [lambda plugins: describe.propose(plugins, document, material.labels)],
        "choose_metadata": [lambda plugins: describe.choose(plugins, document, material.claims)],
        "propose_quotes": [lambda plugins: find_quotes(plugins, article, False),
                           lambda plugins: find_quotes(plugins, article, True)],
    }
    return calls[hook]


def _extracted(plugins: Plugins, material: Material) -> Document:
    gate.check(material.sample.page, plugins.limits)
    return extract(plugins, material.sample.page, plugins.limits)


class TableCalls:
    """The calls for the tables of a plugin. Each instance of the plugin is asked for its tables once, as in a run."""

    def __init__(self) -> None:
        self._known: dict[int, Own] = {}

    def cases(self, materials: Sequence[Material], twins: Sequence[Material]) -> Iterator[Case]:
        """Yield the call for the tables, then the calls for the rows of each article."""
        yield Case("tables", "start-up", lambda plugins: [(table.name, str(table.schema)) for _, table in self._tables(plugins)], ())
        for material, twin in zip(materials, twins, strict=True):
            if material.article is not None and twin.article is not None:
                yield self._rows(material, material.article, twin.article)

    def _rows(self, material: Material, article: Article, other: Article) -> Case:
        on = f"the article of the {'hostile ' if material.sample.is_hostile else ''}page {material.sample.name!r}"
        return Case("tables", on, lambda plugins: own_batches(plugins, self._tables(plugins), article), (article,),
                    None if material.sample.is_hostile else lambda plugins: own_batches(plugins, self._tables(plugins), other))

    def _tables(self, plugins: Plugins) -> Own:
        if id(plugins) not in self._known:
            self._known[id(plugins)] = plugin_tables(Pipeline(Settings(), plugins))
        return self._known[id(plugins)]


def finished_case(name: str) -> Case:
    """Return the call of ``run_finished`` with an example of a report."""
    report = RunReport(output="output", inputs=3, counts={"written": 2, "rejected": 1}, rows={"articles": 2, "quotes": 4, "rejects": 1},
                       codes={"too_short": 1}, removals={"related": 3}, seconds={name: 0.01}, commits=(1,), fingerprint="0" * 16,
                       elapsed=1.5)
    return Case("run_finished", "a finished run", lambda plugins: plugins.call(name, "run_finished", report=report), (report,))

"""A typed marker for each hook: what ``@copydesk.hookimpl`` does, and type checkers hold the function against the hook.

``@hooks.label_blocks`` above a function of that name, or above a method of a class ``Plugin``, marks it. mypy and pyright then refuse
a wrong type of an argument, an argument that the hook does not have, and a wrong type of what is returned. The function names all of
the hook's arguments, or the first alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from copydesk.documents import Document
from copydesk.hookspecs import hookimpl
from copydesk.labels import Label
from copydesk.model import Fault, Ignored, Location, Page, SourceRange
from copydesk.plugin_table import Table
from copydesk.report import RunReport
from copydesk.settings import LimitSettings
from copydesk.values import Article, Claim, Metadata, Quote

__all__ = ["choose_metadata", "extract", "label_blocks", "open_source", "plan_source", "propose_metadata", "propose_quotes", "run_finished",
           "tables"]

F = TypeVar("F", bound=Callable[..., object])
"""Any function: what a marker gives back is what it was given."""


class PlanSource(Protocol):
    """A function of the hook ``plan_source``."""

    def __call__(self, *, location: Location) -> Iterable[SourceRange] | None: ...


class PlanSourceMethod(Protocol):
    """Such a method."""

    def __call__(self, plugin: Any, /, *, location: Location) -> Iterable[SourceRange] | None: ...


class OpenSource(Protocol):
    """A function of the hook ``open_source``."""

    def __call__(self, *, source_range: SourceRange, limits: LimitSettings) -> Iterable[Page | Fault | Ignored] | None: ...


class OpenSourceFirst(Protocol):
    """One that leaves the limits out."""

    def __call__(self, *, source_range: SourceRange) -> Iterable[Page | Fault | Ignored] | None: ...


class OpenSourceMethod(Protocol):
    """A method of all arguments."""

    def __call__(self, plugin: Any, /, *, source_range: SourceRange, limits: LimitSettings) -> Iterable[Page | Fault | Ignored] | None: ...


class OpenSourceFirstMethod(Protocol):
    """A method that leaves the limits out."""

    def __call__(self, plugin: Any, /, *, source_range: SourceRange) -> Iterable[Page | Fault | Ignored] | None: ...


class Extract(Protocol):
    """A function of the hook ``extract``."""

    def __call__(self, *, page: Page, limits: LimitSettings) -> Document | None: ...


class ExtractFirst(Protocol):
    """One that leaves the limits out."""

    def __call__(self, *, page: Page) -> Document | None: ...


class ExtractMethod(Protocol):
    """A method of all arguments."""

    def __call__(self, plugin: Any, /, *, page: Page, limits: LimitSettings) -> Document | None: ...


class ExtractFirstMethod(Protocol):
    """A method that leaves the limits out."""

    def __call__(self, plugin: Any, /, *, page: Page) -> Document | None: ...


class LabelBlocks(Protocol):
    """A function of the hook ``label_blocks``."""

    def __call__(self, *, document: Document) -> Iterable[Label]: ...


class LabelBlocksMethod(Protocol):
    """Such a method."""

    def __call__(self, plugin: Any, /, *, document: Document) -> Iterable[Label]: ...


class ProposeMetadata(Protocol):
    """A function of the hook ``propose_metadata``."""

    def __call__(self, *, document: Document, labels: tuple[Label, ...]) -> Iterable[Claim]: ...


class ProposeMetadataFirst(Protocol):
    """One that leaves the labels out."""

    def __call__(self, *, document: Document) -> Iterable[Claim]: ...


class ProposeMetadataMethod(Protocol):
    """A method of all arguments."""

    def __call__(self, plugin: Any, /, *, document: Document, labels: tuple[Label, ...]) -> Iterable[Claim]: ...


class ProposeMetadataFirstMethod(Protocol):
    """A method that leaves the labels out."""

    def __call__(self, plugin: Any, /, *, document: Document) -> Iterable[Claim]: ...


class ChooseMetadata(Protocol):
    """A function of the hook ``choose_metadata``."""

    def __call__(self, *, document: Document, claims: tuple[Claim, ...]) -> Metadata | None: ...


class ChooseMetadataFirst(Protocol):
    """One that leaves the claims out."""

    def __call__(self, *, document: Document) -> Metadata | None: ...


class ChooseMetadataMethod(Protocol):
    """A method of all arguments."""

    def __call__(self, plugin: Any, /, *, document: Document, claims: tuple[Claim, ...]) -> Metadata | None: ...


class ChooseMetadataFirstMethod(Protocol):
    """A method that leaves the claims out."""

    def __call__(self, plugin: Any, /, *, document: Document) -> Metadata | None: ...


class ProposeQuotes(Protocol):
    """A function of the hook ``propose_quotes``."""

    def __call__(self, *, article: Article, indirect: bool) -> Iterable[Quote]: ...


class ProposeQuotesFirst(Protocol):
    """One that leaves out whether reported speech is wanted."""

    def __call__(self, *, article: Article) -> Iterable[Quote]: ...


class ProposeQuotesMethod(Protocol):
    """A method of all arguments."""

    def __call__(self, plugin: Any, /, *, article: Article, indirect: bool) -> Iterable[Quote]: ...


class ProposeQuotesFirstMethod(Protocol):
    """A method that leaves out whether reported speech is wanted."""

    def __call__(self, plugin: Any, /, *, article: Article) -> Iterable[Quote]: ...


class Tables(Protocol):
    """A function of the hook ``tables``."""

    def __call__(self) -> Iterable[Table]: ...


class TablesMethod(Protocol):
    """Such a method."""

    def __call__(self, plugin: Any, /) -> Iterable[Table]: ...


class RunFinished(Protocol):
    """A function of the hook ``run_finished``."""

    def __call__(self, *, report: RunReport) -> None: ...


class RunFinishedMethod(Protocol):
    """Such a method."""

    def __call__(self, plugin: Any, /, *, report: RunReport) -> None: ...


PlanSourceHook = TypeVar("PlanSourceHook", bound=PlanSource | PlanSourceMethod)
OpenSourceHook = TypeVar("OpenSourceHook", bound=OpenSource | OpenSourceFirst | OpenSourceMethod | OpenSourceFirstMethod)
ExtractHook = TypeVar("ExtractHook", bound=Extract | ExtractFirst | ExtractMethod | ExtractFirstMethod)
LabelBlocksHook = TypeVar("LabelBlocksHook", bound=LabelBlocks | LabelBlocksMethod)
ProposeMetadataHook = TypeVar("ProposeMetadataHook",
                              bound=ProposeMetadata | ProposeMetadataFirst | ProposeMetadataMethod | ProposeMetadataFirstMethod)
ChooseMetadataHook = TypeVar("ChooseMetadataHook",
                             bound=ChooseMetadata | ChooseMetadataFirst | ChooseMetadataMethod | ChooseMetadataFirstMethod)
ProposeQuotesHook = TypeVar("ProposeQuotesHook", bound=ProposeQuotes | ProposeQuotesFirst | ProposeQuotesMethod | ProposeQuotesFirstMethod)
TablesHook = TypeVar("TablesHook", bound=Tables | TablesMethod)
RunFinishedHook = TypeVar("RunFinishedHook", bound=RunFinished | RunFinishedMethod)


def plan_source(function: PlanSourceHook) -> PlanSourceHook:
    """Mark how a file is read (``plan_source``).

    Raises:
        TypeError: the function has another name; so for all markers here.
    """
    return _marked(function, "plan_source")


def open_source(function: OpenSourceHook) -> OpenSourceHook:
    """Mark what reads the pages of a range (``open_source``)."""
    return _marked(function, "open_source")


def extract(function: ExtractHook) -> ExtractHook:
    """Mark what makes a page's document (``extract``)."""
    return _marked(function, "extract")


def label_blocks(function: LabelBlocksHook) -> LabelBlocksHook:
    """Mark what says of blocks what they are (``label_blocks``)."""
    return _marked(function, "label_blocks")


def propose_metadata(function: ProposeMetadataHook) -> ProposeMetadataHook:
    """Mark what names candidates for metadata (``propose_metadata``)."""
    return _marked(function, "propose_metadata")


def choose_metadata(function: ChooseMetadataHook) -> ChooseMetadataHook:
    """Mark what chooses among the candidates (``choose_metadata``)."""
    return _marked(function, "choose_metadata")


def propose_quotes(function: ProposeQuotesHook) -> ProposeQuotesHook:
    """Mark what finds quotations (``propose_quotes``)."""
    return _marked(function, "propose_quotes")


def tables(function: TablesHook) -> TablesHook:
    """Mark what adds tables (``tables``)."""
    return _marked(function, "tables")


def run_finished(function: RunFinishedHook) -> RunFinishedHook:
    """Mark what hears of finished runs (``run_finished``)."""
    return _marked(function, "run_finished")


def _marked(function: F, hook: str) -> F:
    name = getattr(function, "__name__", "")
    if name != hook:
        raise TypeError(f"@hooks.{hook} marks a function of that name, not {name!r}")
    return hookimpl(function)

"""A typed marker for each hook: what ``@copydesk.hookimpl`` does, and type checkers hold the function against the hook.

``@hooks.label_blocks`` above a function of that name, or above a method of a class ``Plugin``, marks it. mypy and pyright then refuse
a wrong type of an argument, an argument that the hook does not have, and a wrong type of what is returned. The function names all of
the hook's arguments, or the first alone.

This file is generated from `copydesk.hookspecs` by ``python docs/generate.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from copydesk.hookspecs import hookimpl
from copydesk.model.article import Article, Quote
from copydesk.model.document import Document
from copydesk.model.labels import Label
from copydesk.model.metadata import Claim, Metadata
from copydesk.model.page import Fault, Ignored, Location, Page, SourceRange
from copydesk.model.plugin_table import Table
from copydesk.report import RunReport
from copydesk.settings.schema import LimitSettings

__all__ = [
    "choose_metadata",
    "extract",
    "label_blocks",
    "open_source",
    "plan_source",
    "propose_metadata",
    "propose_quotes",
    "run_finished",
    "tables",
]

F = TypeVar("F", bound=Callable[..., object])
"""Any function: what a marker gives back is what it was given."""


class PlanSource(Protocol):
    """A function of the hook ``plan_source``."""

    def __call__(self, *, location: Location) -> Iterable[SourceRange] | None: ...


class PlanSourceMethod(Protocol):
    """A method of the hook ``plan_source``."""

    def __call__(self, plugin: Any, /, *, location: Location) -> Iterable[SourceRange] | None: ...


class OpenSource(Protocol):
    """A function of the hook ``open_source`` with all of its arguments."""

    def __call__(self, *, source_range: SourceRange, limits: LimitSettings) -> Iterable[Page | Fault | Ignored] | None: ...


class OpenSourceFirst(Protocol):
    """A function of the hook ``open_source`` with its first argument alone."""

    def __call__(self, *, source_range: SourceRange) -> Iterable[Page | Fault | Ignored] | None: ...


class OpenSourceMethod(Protocol):
    """A method of the hook ``open_source`` with all of its arguments."""

    def __call__(self, plugin: Any, /, *, source_range: SourceRange, limits: LimitSettings) -> Iterable[Page | Fault | Ignored] | None: ...


class OpenSourceFirstMethod(Protocol):
    """A method of the hook ``open_source`` with its first argument alone."""

    def __call__(self, plugin: Any, /, *, source_range: SourceRange) -> Iterable[Page | Fault | Ignored] | None: ...


class Extract(Protocol):
    """A function of the hook ``extract`` with all of its arguments."""

    def __call__(self, *, page: Page, limits: LimitSettings) -> Document | None: ...


class ExtractFirst(Protocol):
    """A function of the hook ``extract`` with its first argument alone."""

    def __call__(self, *, page: Page) -> Document | None: ...


class ExtractMethod(Protocol):
    """A method of the hook ``extract`` with all of its arguments."""

    def __call__(self, plugin: Any, /, *, page: Page, limits: LimitSettings) -> Document | None: ...


class ExtractFirstMethod(Protocol):
    """A method of the hook ``extract`` with its first argument alone."""

    def __call__(self, plugin: Any, /, *, page: Page) -> Document | None: ...


class LabelBlocks(Protocol):
    """A function of the hook ``label_blocks``."""

    def __call__(self, *, document: Document) -> Iterable[Label]: ...


class LabelBlocksMethod(Protocol):
    """A method of the hook ``label_blocks``."""

    def __call__(self, plugin: Any, /, *, document: Document) -> Iterable[Label]: ...


class ProposeMetadata(Protocol):
    """A function of the hook ``propose_metadata`` with all of its arguments."""

    def __call__(self, *, document: Document, labels: tuple[Label, ...]) -> Iterable[Claim]: ...


class ProposeMetadataFirst(Protocol):
    """A function of the hook ``propose_metadata`` with its first argument alone."""

    def __call__(self, *, document: Document) -> Iterable[Claim]: ...


class ProposeMetadataMethod(Protocol):
    """A method of the hook ``propose_metadata`` with all of its arguments."""

    def __call__(self, plugin: Any, /, *, document: Document, labels: tuple[Label, ...]) -> Iterable[Claim]: ...


class ProposeMetadataFirstMethod(Protocol):
    """A method of the hook ``propose_metadata`` with its first argument alone."""

    def __call__(self, plugin: Any, /, *, document: Document) -> Iterable[Claim]: ...


class ChooseMetadata(Protocol):
    """A function of the hook ``choose_metadata`` with all of its arguments."""

    def __call__(self, *, document: Document, claims: tuple[Claim, ...]) -> Metadata | None: ...


class ChooseMetadataFirst(Protocol):
    """A function of the hook ``choose_metadata`` with its first argument alone."""

    def __call__(self, *, document: Document) -> Metadata | None: ...


class ChooseMetadataMethod(Protocol):
    """A method of the hook ``choose_metadata`` with all of its arguments."""

    def __call__(self, plugin: Any, /, *, document: Document, claims: tuple[Claim, ...]) -> Metadata | None: ...


class ChooseMetadataFirstMethod(Protocol):
    """A method of the hook ``choose_metadata`` with its first argument alone."""

    def __call__(self, plugin: Any, /, *, document: Document) -> Metadata | None: ...


class ProposeQuotes(Protocol):
    """A function of the hook ``propose_quotes`` with all of its arguments."""

    def __call__(self, *, article: Article, indirect: bool) -> Iterable[Quote]: ...


class ProposeQuotesFirst(Protocol):
    """A function of the hook ``propose_quotes`` with its first argument alone."""

    def __call__(self, *, article: Article) -> Iterable[Quote]: ...


class ProposeQuotesMethod(Protocol):
    """A method of the hook ``propose_quotes`` with all of its arguments."""

    def __call__(self, plugin: Any, /, *, article: Article, indirect: bool) -> Iterable[Quote]: ...


class ProposeQuotesFirstMethod(Protocol):
    """A method of the hook ``propose_quotes`` with its first argument alone."""

    def __call__(self, plugin: Any, /, *, article: Article) -> Iterable[Quote]: ...


class Tables(Protocol):
    """A function of the hook ``tables``."""

    def __call__(self) -> Iterable[Table]: ...


class TablesMethod(Protocol):
    """A method of the hook ``tables``."""

    def __call__(self, plugin: Any, /) -> Iterable[Table]: ...


class RunFinished(Protocol):
    """A function of the hook ``run_finished``."""

    def __call__(self, *, report: RunReport) -> None: ...


class RunFinishedMethod(Protocol):
    """A method of the hook ``run_finished``."""

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
    """Mark an implementation of the hook ``plan_source``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "plan_source")


def open_source(function: OpenSourceHook) -> OpenSourceHook:
    """Mark an implementation of the hook ``open_source``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "open_source")


def extract(function: ExtractHook) -> ExtractHook:
    """Mark an implementation of the hook ``extract``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "extract")


def label_blocks(function: LabelBlocksHook) -> LabelBlocksHook:
    """Mark an implementation of the hook ``label_blocks``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "label_blocks")


def propose_metadata(function: ProposeMetadataHook) -> ProposeMetadataHook:
    """Mark an implementation of the hook ``propose_metadata``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "propose_metadata")


def choose_metadata(function: ChooseMetadataHook) -> ChooseMetadataHook:
    """Mark an implementation of the hook ``choose_metadata``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "choose_metadata")


def propose_quotes(function: ProposeQuotesHook) -> ProposeQuotesHook:
    """Mark an implementation of the hook ``propose_quotes``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "propose_quotes")


def tables(function: TablesHook) -> TablesHook:
    """Mark an implementation of the hook ``tables``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "tables")


def run_finished(function: RunFinishedHook) -> RunFinishedHook:
    """Mark an implementation of the hook ``run_finished``.

    Raises:
        TypeError: the function has another name.
    """
    return _marked(function, "run_finished")


def _marked(function: F, hook: str) -> F:
    name = getattr(function, "__name__", "")
    if name != hook:
        raise TypeError(f"@hooks.{hook} marks a function of that name, not {name!r}")
    return hookimpl(function)

"""The pages that a check calls a plugin on: ordinary pages, and small hostile ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from typing import Any

from copydesk.errors import CopydeskError
from copydesk.model.article import Article
from copydesk.model.document import Document
from copydesk.model.labels import Label
from copydesk.model.metadata import Claim
from copydesk.model.page import MediaType, Page
from copydesk.pipeline import Pipeline
from copydesk.plugins.discovery import GROUP
from copydesk.settings.schema import Settings
from copydesk.stages.trace import Trace, make_article
from copydesk.testing.fixtures.builders import article as made_article
from copydesk.testing.fixtures.builders import page as made_page

OWN = "copydesk"
"""The distribution that holds the built-in plugins."""
MEDIA_TYPES = {"html": MediaType.HTML, "text": MediaType.TEXT}
"""Media types by the key of a hostile page, and by the ending of a file."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample page.

    Attributes:
        name: the name of the sample.
        page: the page.
        is_hostile: whether a plugin may refuse the page. It may do so with a `PageError` only.
    """

    name: str
    page: Page
    is_hostile: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """What the built-in plugins make of a sample: the arguments of hooks that work on pages.

    Attributes:
        sample: the sample.
        document: its document; None when the built-in plugins refuse the page.
        labels: the labels of its blocks.
        claims: the claims about its metadata.
        article: its article; None when the built-in plugins refuse the page.
    """

    sample: Sample
    document: Document | None = None
    labels: tuple[Label, ...] = ()
    claims: tuple[Claim, ...] = ()
    article: Article | None = None


def sample_pages() -> Iterator[Sample]:
    """Yield all samples, the ordinary ones first."""
    folder = files("copydesk.testing").joinpath("data")
    for file in sorted(folder.joinpath("pages").iterdir(), key=lambda each: each.name):
        name, _, ending = file.name.rpartition(".")
        kind = MEDIA_TYPES.get(ending, MediaType.TEXT if ending == "txt" else MediaType.HTML)
        yield Sample(name, made_page(file.read_bytes(), url=f"https://www.quaygazette.example/{name}", media_type=kind,
                                     source_path=file.name))
    for entry in tomllib.loads(folder.joinpath("hostile.toml").read_text(encoding="utf-8"))["pages"]:
        yield _hostile(entry)


def _hostile(entry: dict[str, Any]) -> Sample:
    kind = next(each for each in MEDIA_TYPES if each in entry)
    parts = [(part, 1) if isinstance(part, str) else tuple(part) for part in entry[kind]]
    content = "".join(text * times for text, times in parts).encode("latin-1" if entry.get("latin1") else "utf-8")
    return Sample(entry["name"], Page(content, MEDIA_TYPES[kind], f"hostile/{entry['name']}"), is_hostile=True)


@cache
def builtin_pipeline() -> Pipeline:
    """Return a pipeline of the built-in plugins alone. It is made on first use, once per process."""
    others = {point.name for point in entry_points(group=GROUP) if point.dist is None or point.dist.name != OWN}
    return Pipeline(Settings(disable=tuple(sorted(others))))


def material(sample: Sample) -> Material:
    """Process a sample with the built-in plugins. Each call makes new objects."""
    pipeline = builtin_pipeline()
    trace = Trace(sample.page)
    try:
        article = make_article(pipeline.plugins, pipeline.settings.limits, trace)
    except (CopydeskError, RecursionError):
        return Material(sample)
    assert trace.document is not None  # noqa: S101  # an article has one
    if sample.is_hostile:  # with all of its text, since cleaning would remove what is hostile
        article = replace(article, **_whole(trace.document))
    return Material(sample, trace.document, trace.labels, article.claims, article)


def _whole(document: Document) -> dict[str, Any]:
    whole = made_article(*(block.text for block in document.blocks))
    return {"body": whole.body, "paragraphs": whole.paragraphs}


def materials(samples: Sequence[Sample]) -> list[Material]:
    """Process each of the samples with the built-in plugins."""
    return [material(sample) for sample in samples]

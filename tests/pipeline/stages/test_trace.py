"""The one order of the stages: a pipeline's outcome, what it reads and the trace that inspect shows are the same run."""

from __future__ import annotations

import gc
from contextlib import suppress
from pathlib import Path

import pytest

import copydesk
from copydesk import MediaType, Page, PageError, Pipeline, PluginError, Settings, Status
from copydesk.operations import follow

SEEDS = Path(__file__).parents[3] / "seeds"
PAGES = sorted(file for file in SEEDS.iterdir() if file.suffix in (".html", ".htm", ".txt"))
STORY = "Ferry crews vote to strike\n\n" + "\n\n".join(f"Crews of ferry {n} voted on Monday to strike, said Ann Lee." for n in range(9))


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_process_and_trace_agree(pipeline: Pipeline, file: Path) -> None:
    page = Page(file.read_bytes(), MediaType.TEXT if file.suffix == ".txt" else MediaType.HTML, file.name)
    outcome, trace = pipeline.process(page), follow(pipeline.plugins, pipeline.settings, page)
    assert trace.status is outcome.status
    if outcome.article is None:
        assert outcome.reject is not None
        assert isinstance(trace.error, PageError)
        reject, error = outcome.reject, trace.error
        assert (error.stage, error.code, error.message) == (reject.stage, reject.code, reject.message)
        return
    assert trace.error is None
    assert trace.article == outcome.article
    assert trace.document is not None
    assert len(trace.verdicts) == len(trace.document.blocks)
    assert set(trace.article.quotes) | {quote for quote, _ in trace.dropped} == set(trace.quotes)


def test_read_gives_the_article_of_process(pipeline: Pipeline) -> None:
    outcome = pipeline.process(Page(STORY.encode(), MediaType.TEXT, charset="utf-8"))
    assert pipeline.read(STORY) == outcome.article


def test_a_page_keeps_what_it_came_to(pipeline: Pipeline) -> None:
    stub = follow(pipeline.plugins, pipeline.settings, Page(b"Two words", MediaType.TEXT))
    assert isinstance(stub.error, PageError)
    assert stub.error.stage == "accept"
    assert stub.article is not None
    assert stub.quotes == ()
    empty = follow(pipeline.plugins, pipeline.settings, Page(b" ", MediaType.TEXT))
    assert isinstance(empty.error, PageError)
    assert empty.error.stage == "gate"
    assert empty.document is None


def test_a_page_that_recurses_too_deeply_is_an_error_of_the_page(tmp_path: Path) -> None:
    code = "import copydesk\n@copydesk.hookimpl\ndef label_blocks(document):\n    return label_blocks(document)\n"
    (tmp_path / "deep.py").write_text(code)
    pipeline = Pipeline(Settings(plugins=("deep.py",), base=str(tmp_path)))
    outcome = pipeline.process(Page(STORY.encode(), MediaType.TEXT))
    assert outcome.status is Status.QUARANTINED
    assert outcome.reject is not None
    with pytest.raises((PageError, PluginError)):
        pipeline.read(STORY)
    assert copydesk.read(STORY).body


def test_a_page_that_is_refused_is_freed_at_once(pipeline: Pipeline) -> None:
    """Its document may be large, and page processes are held to a memory limit: nothing waits for the collector of cycles."""
    page = Page(b"<p>" + b"<a href=/x>More</a> " * 500, MediaType.HTML)
    assert pipeline.process(page).article is None
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        for _ in range(3):
            assert pipeline.process(page).article is None
            with suppress(PageError):
                pipeline.read(page.content)
        assert len(gc.get_objects()) - before < 500
    finally:
        gc.enable()


def test_the_time_of_what_read_the_page_stays(pipeline: Pipeline) -> None:
    pipeline.plugins.seconds.clear()
    pipeline.plugins.seconds["source_files"] = 0.25
    assert follow(pipeline.plugins, pipeline.settings, Page(STORY.encode(), MediaType.TEXT)).seconds["source_files"] == 0.25
    assert "source_files" not in pipeline.process(Page(STORY.encode(), MediaType.TEXT)).seconds

"""``copydesk inspect --html``: all that a page holds is on it, in place, and text from the page is only text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from copydesk import MediaType, Page, Pipeline
from copydesk.stages.trace import Trace, follow
from copydesk_flows.console.exits import Exit
from copydesk_flows.inspection.html import page_of
from copydesk_flows.inspection.html_text import shown_blocks
from copydesk_flows.web.pages import environment, visible
from support.command_line import Command
from support.page_checks import UNSEEN, check_inert
from support.places import ROOT

SEEDS = sorted(path for path in (ROOT / "seeds").iterdir() if path.suffix in {".html", ".htm", ".txt"})
ODD = st.text(st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("<>&\"'\u202e\x1b\u2066{}%\n")), max_size=60)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def traced(pipeline: Pipeline, path: Path) -> Trace:
    kind = MediaType.TEXT if path.suffix == ".txt" else MediaType.HTML
    return follow(pipeline.plugins, pipeline.settings, Page(path.read_bytes(), kind, path.name))


def squeezed(text: str) -> str:
    return "".join(text.split())


def body(tree: LexborHTMLParser) -> list[LexborNode]:
    return [item for item in tree.css("main .text > *") if item.text().strip()]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_every_block_is_there_in_place(pipeline: Pipeline, path: Path) -> None:
    trace = traced(pipeline, path)
    tree = LexborHTMLParser(page_of(trace))
    assert trace.document is not None
    shown = [squeezed("".join(piece.text() for piece in item.css("del"))) if "removal" in (item.attributes["class"] or "").split()
             else squeezed(_without_notes(item)) for item in body(tree)]
    assert shown == [squeezed(visible(block.text)) for block in trace.document.blocks]


def _without_notes(item: LexborNode) -> str:
    for note in item.css(".why, .num"):
        note.decompose()
    return item.text()


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_what_is_marked_is_what_is_quoted(pipeline: Pipeline, path: Path) -> None:
    trace = traced(pipeline, path)
    quotes = trace.article.quotes if trace.article else ()
    pieces = [piece for block in shown_blocks(trace) for piece in block.pieces]
    for number, quote in enumerate(quotes):
        assert squeezed("".join(piece.text for piece in pieces if number in piece.quotes and piece.label is None)) == squeezed(quote.text)
        assert sum(number in piece.last for piece in pieces) == 1
        if quote.cue_start is not None:
            cue = squeezed(trace.article.body[quote.cue_start:quote.cue_end]) if trace.article else ""
            assert squeezed("".join(piece.text for piece in pieces if number in piece.cues)) == cue
    tree = LexborHTMLParser(page_of(trace))
    assert len(tree.css("aside .quotes li")) == len(quotes)
    assert all(tree.css_first(link.attributes["href"] or "") for link in tree.css("a.num"))


def test_removals_claims_and_speakers_are_told(pipeline: Pipeline) -> None:
    trace = traced(pipeline, ROOT / "seeds/wire-story.txt")
    tree = LexborHTMLParser(page_of(trace))
    assert trace.article is not None
    for removal in trace.article.removals:
        notes = [note.text() for note in tree.css(f'[data-reason="{removal.reason}"] .why')]
        assert any(f"{removal.reason} · {removal.rule} · {removal.plugin}" in note for note in notes)
    for claim in trace.article.claims:
        assert any(claim.evidence in row.text() for row in tree.css("aside tbody tr") if (head := row.css_first("th")) and
                   head.text() == claim.field)
    assert [quote.speaker for quote in trace.article.quotes if quote.speaker]
    for quote in trace.article.quotes:
        assert any((quote.speaker or "speaker unknown") in head.text() for head in tree.css("aside h3"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name)
def test_a_page_s_text_is_only_text(pipeline: Pipeline, path: Path) -> None:
    check_inert(page_of(traced(pipeline, path)))


@settings(max_examples=40, deadline=None)
@given(title=ODD, text=ODD, url=ODD)
def test_any_text_is_only_text(pipeline: Pipeline, title: str, text: str, url: str) -> None:
    source = f"Title {title}\n\nBy {text}\n\n“We rowed {text},” said Ann {title}.\n\nIt rained, and the ferry stayed in port until {text}."
    page = Page(source.encode("utf-8", "replace"), MediaType.TEXT, text or "x", url=url or None, charset="utf-8")
    made = page_of(follow(pipeline.plugins, pipeline.settings, page))
    check_inert(made)


@given(text=st.text(max_size=80))
def test_what_is_shown_can_be_seen(text: str) -> None:
    shown = environment().from_string("<b>{{ text }}</b><i title=\"{{ text }}\"></i>").render(text=text)
    assert not UNSEEN.search(shown)
    assert shown.count("<") == 4
    shown.encode()


def test_the_command_writes_the_page_beside_you(copydesk: Command, inbox: Path) -> None:
    done = copydesk("inspect", inbox / "story-1.html", "--html", cwd=inbox.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "wrote story-1.html.inspect.html" in done.stderr
    page = (inbox.parent / "story-1.html.inspect.html").read_text(encoding="utf-8")
    assert copydesk("inspect", inbox / "story-1.html", "--to", "-").stdout == page + "\n"
    check_inert(page)


def test_a_page_that_was_stopped_says_why(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "half.html.gz").write_bytes((ROOT / "seeds/truncated.html.gz").read_bytes())
    done = copydesk("inspect", tmp_path / "half.html.gz", "--to", tmp_path / "look.html")
    assert done.returncode == Exit.QUARANTINED
    page = (tmp_path / "look.html").read_text(encoding="utf-8")
    assert "truncated_gzip" in page
    assert "no text blocks" in page


def test_a_place_that_cannot_be_written_is_one_line(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    done = copydesk("inspect", inbox / "story-1.html", "--to", tmp_path / "absent" / "look.html")
    assert done.returncode == Exit.FAILURE
    assert done.stderr.startswith("copydesk: cannot write ")
    assert done.stderr.count("\n") == 1

"""``copydesk inspect``: kept and removed text in page order, metadata with evidence, quotes; page text does nothing."""

from __future__ import annotations

import gzip
import socket
import unicodedata
from pathlib import Path

import pytest

from copydesk import MediaType, Page, Pipeline
from copydesk.stages.trace import follow
from copydesk_flows.console.exits import Exit
from support.command_line import Command, story
from support.object_server import CREDENTIALS, S3

HOSTILE = ("\x1b]0;owned\x07", "\x1b[2J", "\u202e", "\u2066", "\x9b31m", "\r", "[red]loud[/red]", "[link=file:///etc]x[/link]")


def sections(shown: str) -> dict[str, str]:
    """The parts of the output by their titles."""
    parts: dict[str, str] = {"head": ""}
    name = "head"
    for line in shown.splitlines(keepends=True):
        if line[:1].isalpha() and line.split()[0] in {"stages", "text", "metadata", "claims", "quotes"}:
            name = line.split()[0]
        parts[name] = parts.get(name, "") + line
    return parts


def test_an_article_is_shown_through_all_stages(copydesk: Command, inbox: Path) -> None:
    done = copydesk("inspect", inbox / "story-1.html")
    assert done.returncode == 0, done.stderr
    parts = sections(done.stdout)
    assert "story-1.html" in parts["head"]
    assert "written" in parts["head"]
    text = parts["text"]
    assert "  + The harbour council voted on Friday" in text
    places = [text.index(line) for line in ("- Ferry line to reopen", "+ The harbour council", "+ Fares will stay", "- Copyright")]
    assert places == sorted(places)
    assert "copyright ·" in text
    assert "Ferry line to reopen in spring" in parts["metadata"]
    assert "json-ld" in parts["metadata"]
    assert "“We have the boats, and now we have the pier,”" in parts["quotes"]
    assert "Mara Lindqvist" in parts["quotes"]
    assert "cue said" in parts["quotes"]


def test_claims_show_the_candidates_that_lost(copydesk: Command, inbox: Path) -> None:
    assert "claims" not in sections(copydesk("inspect", inbox / "story-1.html").stdout)
    claims = sections(copydesk("inspect", inbox / "story-1.html", "--claims").stdout)["claims"]
    assert "meta:og:title" in claims
    assert any(line.split()[:1] == ["*"] for line in claims.splitlines())
    assert all(" the same value" in line or "less trusted" in line or "came first" in line or "less exact" in line
               for line in claims.splitlines()[1:] if line.strip() and line.split()[0] != "*")


def test_claims_show_what_each_plugin_proposed_at_each_stage(copydesk: Command, inbox: Path) -> None:
    parts = sections(copydesk("inspect", inbox / "story-1.html", "--claims").stdout)
    stages = [line.split()[0] for line in parts["stages"].splitlines()[1:] if line.strip()]
    assert stages == ["extract", "label_blocks", "propose_metadata", "propose_quotes", "milliseconds"]
    assert "extract_html" in parts["stages"]
    footer = parts["text"].partition("- Copyright")[2]
    assert "· clean_phrases ·" in footer
    assert "against it, 0.00 for it: removed" in footer or "for it: removed" in footer


CREDITS = """
import copydesk
from copydesk import Label, Reason

@copydesk.hookimpl
def label_blocks(document):
    return [Label(block.index, Reason.CREDIT, "mine", 0.9) for block in document.blocks if "Fares will stay" in block.text]
"""
BOATS = """
import copydesk
from copydesk import Quote, QuoteKind

@copydesk.hookimpl
def propose_quotes(article):
    start = article.body.index("We have the boats")
    yield Quote("We have the boats", QuoteKind.DIRECT, start, start + 17, pattern="mine", confidence=0.1)
"""


def proposals(copydesk: Command, folder: Path, plugin: str) -> str:
    """What ``inspect --claims`` shows of a story with a plugin beside the built-in ones."""
    (folder / "own.py").write_text(plugin, encoding="utf-8")
    (folder / "copydesk.toml").write_text("plugins = ['own.py']\n", encoding="utf-8")
    (folder / "story.html").write_text(story(1), encoding="utf-8")
    return copydesk("inspect", folder / "story.html", "--claims", "--config", folder / "copydesk.toml").stdout


def test_claims_say_when_a_promise_to_the_metadata_was_not_kept(copydesk: Command, tmp_path: Path) -> None:
    after = proposals(copydesk, tmp_path, CREDITS).partition("+ Fares will stay")[2]
    assert "credit · mine · own · 0.90" in after
    assert "kept, though its reason says so: the metadata did not keep it" in after


def test_claims_show_quotes_that_gave_way(copydesk: Command, tmp_path: Path) -> None:
    parts = sections(proposals(copydesk, tmp_path, BOATS))
    assert "own 1" in parts["stages"]
    assert "of quotes_english" in parts["quotes"].partition("own · mine · 0.10")[2]


def test_standard_input_and_a_url(copydesk: Command) -> None:
    done = copydesk("inspect", "-", "--url", "https://harbour.example/2024/10/18/ferry", stdin=story(4))
    assert done.returncode == 0, done.stderr
    assert "https://harbour.example/2024/10/18/ferry" in sections(done.stdout)["head"]
    assert "harbour.example" in sections(done.stdout)["metadata"]


def test_a_rejected_page_shows_why_and_what_was_seen(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "short.html").write_text("<html><body><p>Nothing much to read here.</p></body></html>", encoding="utf-8")
    done = copydesk("inspect", tmp_path / "short.html")
    assert done.returncode == 0
    assert "rejected  accept/" in done.stdout
    assert "Nothing much to read here." in sections(done.stdout)["text"]
    (tmp_path / "none.html").write_bytes(b"")
    done = copydesk("inspect", tmp_path / "none.html")
    assert "rejected  gate/empty: " in done.stdout


def test_page_types_all_lets_a_rejected_page_through(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "short.html").write_text("<html><body><p>Nothing much to read here.</p></body></html>", encoding="utf-8")
    assert "rejected" not in copydesk("inspect", tmp_path / "short.html", "--page-types", "all").stdout


def test_a_failing_plugin_is_named(copydesk: Command, inbox: Path, tmp_path: Path) -> None:
    plugin = "import copydesk\n@copydesk.hookimpl\ndef propose_metadata(document):\n    raise KeyError('desk')\n"
    (tmp_path / "touchy.py").write_text(plugin, encoding="utf-8")
    (tmp_path / "copydesk.toml").write_text('plugins = ["touchy.py"]\n', encoding="utf-8")
    shown = copydesk("inspect", inbox / "story-1.html", "--config", tmp_path / "copydesk.toml").stdout
    assert "quarantined  plugin_error: plugin 'touchy', hook propose_metadata: KeyError" in shown
    assert "? The harbour council voted" in shown


def test_a_file_that_cannot_be_read_is_shown_as_quarantined(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "cut.html.gz").write_bytes(gzip.compress(story(1).encode())[:200])
    done = copydesk("inspect", tmp_path / "cut.html.gz")
    assert done.returncode == Exit.QUARANTINED
    assert "quarantined  source/" in done.stdout
    assert "bytes" not in done.stdout.splitlines()[0]


def test_a_record_that_gives_no_page_is_shown_as_a_run_has_it(copydesk: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"url": "https://x.example/a", "status": 404, "text": "A"}\n', encoding="utf-8")
    done = copydesk("inspect", tmp_path / "a.jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "a.jsonl, https://x.example/a"
    assert "rejected  source/http_status: HTTP status 404" in done.stdout


@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_page_text_is_inert(copydesk: Command, tmp_path: Path, name: str) -> None:
    nasty = " and ".join(HOSTILE)
    if name.endswith("html"):
        text = story(2).replace("Fares will stay", f"{nasty} Fares will stay").replace("Mara Lindqvist", "Mara \x1b[5mLindqvist")
    else:
        text = (f"Ferry line to reopen\n\nThe council voted on Friday {nasty} to reopen it.\n\n"
                f"“We sail {nasty} in April,” said Mara Lindqvist.")
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    for arguments in (["--claims"], ["--page-types", "all"], ["--url", "https://x.example/\x1b[31m\u202e"]):
        done = copydesk("inspect", tmp_path / name, *arguments, env={"FORCE_COLOR": "", "TERM": "xterm-256color"})
        assert done.returncode == 0, done.stderr
        acting = {char for char in done.stdout if unicodedata.category(char) in {"Cc", "Cf"} and char != "\n"}
        assert acting == set()
        assert "[red]loud[/red]" in done.stdout


def test_an_inert_error(copydesk: Command, tmp_path: Path) -> None:
    done = copydesk("inspect", tmp_path / "a\x1b[31mb")
    assert done.returncode == Exit.USAGE
    assert "\x1b" not in done.stderr
    assert "\\x1b[31m" in done.stderr


def test_a_record_that_is_not_there(copydesk: Command, inbox: Path) -> None:
    done = copydesk("inspect", inbox / "story-1.html", "--record", "2")
    assert done.returncode == Exit.USAGE
    assert "no page 2" in done.stderr


def test_the_trace_agrees_with_the_pipeline() -> None:
    pipeline = Pipeline()
    page = Page(story(3).encode(), MediaType.HTML, "page.html", url="https://harbour.example/2024/10/18/ferry-line-3")
    trace, outcome = follow(pipeline.plugins, pipeline.settings, page), pipeline.process(page)
    assert trace.article is not None
    assert trace.article == outcome.article
    assert trace.document is not None
    kept = [block.text for block, verdict in zip(trace.document.blocks, trace.verdicts, strict=True) if not verdict.removed]
    assert "\n\n".join(kept) == trace.article.body


def test_an_object_of_a_store(copydesk: Command, s3: S3) -> None:
    bucket = s3.bucket()
    s3.put(bucket, "in/story.html", story(1).encode())
    env = {**CREDENTIALS, "FSSPEC_S3_ENDPOINT_URL": s3.endpoint}
    done = copydesk("inspect", f"s3://{bucket}/in/story.html", env=env)
    assert done.returncode == 0, done.stderr
    assert "story.html" in sections(done.stdout)["head"]
    assert "  + The harbour council voted on Friday" in sections(done.stdout)["text"]
    for url, what in ((f"s3://{bucket}/none.html", "does not exist"), (f"s3://{bucket}/in", "is no object"),
                      ("s3://no-such-bucket-here/a.html", "no such bucket")):
        done = copydesk("inspect", url, env=env)
        assert done.returncode == Exit.USAGE
        assert what in done.stderr


def test_a_store_that_does_not_answer(copydesk: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        env = {**CREDENTIALS, "FSSPEC_S3_ENDPOINT_URL": f"http://127.0.0.1:{taken.getsockname()[1]}"}
        done = copydesk("inspect", "s3://bucket/a.html", env=env)
    assert done.returncode == Exit.FAILURE
    assert "input s3://bucket/a.html cannot be read: " in done.stderr
    assert "--debug" not in done.stderr

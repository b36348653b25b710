"""Stages check what plugins return and fold it; overlaps of quotes are resolved by the core."""

from pathlib import Path

import pytest

import copydesk
from copydesk import MediaType, Page, PageError, PluginError, Quote, QuoteKind, Status
from copydesk.settings.schema import from_mapping
from copydesk.stages.extract import extract
from copydesk.stages.quotes import resolve_overlaps

HEAD = "from copydesk import *\nfrom copydesk import hookimpl\n"
TEXT = "The river rose again on Monday and the bridge was closed."


def pipeline(tmp_path: Path, code: str, **settings: object) -> copydesk.Pipeline:
    """A pipeline whose only quote plugin is the given code."""
    (tmp_path / "mine.py").write_text(HEAD + code, encoding="utf-8")
    names = {info.name for info in copydesk.Pipeline().plugins.infos if "propose_quotes" in info.hooks}
    return copydesk.Pipeline(from_mapping({"plugins": ["mine.py"], "disable": sorted(names), **settings}, base=str(tmp_path)))


QUOTES = """
@hookimpl
def propose_quotes(article, indirect):
    def quote(start, end, kind, confidence):
        return Quote(article.body[start:end], QuoteKind(kind), start, end, confidence=confidence)
    {}
"""


def test_the_surer_of_two_overlapping_quotes_stays(tmp_path: Path) -> None:
    code = QUOTES.format("return [quote(0, 9, 'direct', 0.4), quote(4, 14, 'direct', 0.8), quote(20, 25, 'direct', 0.1)]")
    assert [(q.start, q.end) for q in pipeline(tmp_path, code).find_quotes(TEXT)] == [(4, 14), (20, 25)]


def test_quotes_of_different_kinds_may_overlap(tmp_path: Path) -> None:
    code = QUOTES.format("return [quote(4, 9, 'mixed', 0.4), quote(0, 14, 'indirect', 0.8)]")
    made = pipeline(tmp_path, code)
    assert [q.kind for q in made.find_quotes(TEXT, indirect=True)] == ["indirect", "mixed"]
    assert [q.kind for q in made.find_quotes(TEXT)] == ["mixed"], "indirect speech only on request"


def test_a_dropped_quote_names_the_one_that_it_gave_way_to() -> None:
    def quote(start: int, end: int, confidence: float, kind: QuoteKind = QuoteKind.DIRECT) -> Quote:
        return Quote(TEXT[start:end], kind, start, end, confidence=confidence)

    early, between, sure, said = quote(0, 6, 0.3), quote(4, 20, 0.5), quote(10, 25, 0.9), quote(30, 40, 1.0, QuoteKind.INDIRECT)
    kept, dropped = resolve_overlaps([early, between, sure, said], indirect=False)
    assert kept == (early, sure), "the early one does not overlap the sure one"
    assert dropped == ((between, sure), (said, None)), "not the less sure one, which stands before it and overlaps it too"
    assert resolve_overlaps([early, between, sure, said], indirect=True)[0] == (early, sure, said)


@pytest.mark.parametrize(("line", "message"), [
    ("return [Quote('other words', QuoteKind.DIRECT, 0, 11)]", "do not give the text"),
    ("return [quote(0, 9999, 'direct', 1.0)]", "do not give the text"),
    ("return [quote(0, len(article.body), 'direct', 1.0)]", "crosses the end of a paragraph"),
    ("return 'x'", "returned str"),
])
def test_wrong_quotes_are_refused_at_the_border(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(PluginError, match=message) as caught:
        pipeline(tmp_path, QUOTES.format(line)).find_quotes(TEXT + "\n" + TEXT)
    assert (caught.value.plugin, caught.value.hook) == ("mine", "propose_quotes")


@pytest.mark.parametrize(("claim", "message"), [
    ("Claim('headlyne', 'x', 'e')", "no field named 'headlyne'"),
    ("Claim('headline', ('x',), 'e')", "headline takes str"),
    ("Claim('authors', ('x',), 'e')", "authors takes a tuple of Person"),
    ("Claim('date_published', '2024-01-01', 'e')", "date_published takes When"),
    ("Claim('is_accessible_for_free', 'no', 'e')", "is_accessible_for_free takes bool"),
])
def test_wrong_claims_are_refused_at_the_border(tmp_path: Path, claim: str, message: str) -> None:
    made = pipeline(tmp_path, f"@hookimpl\ndef propose_metadata(document):\n    return [{claim}]\n")
    reject = made.process(Page(TEXT.encode(), MediaType.TEXT)).reject
    assert reject is not None
    assert message in reject.message


def test_unwanted_page_types_are_rejected_with_a_code(tmp_path: Path) -> None:
    code = "@hookimpl\ndef propose_metadata():\n    return [Claim('page_type', 'index', 'mine', 0)]\n"
    made = pipeline(tmp_path, code)
    outcome = made.process(Page(TEXT.encode(), MediaType.TEXT))
    assert outcome.status is Status.REJECTED
    assert outcome.reject is not None
    assert outcome.reject.code == "page_type_index"
    with pytest.raises(PageError, match="of type index"):
        made.read(TEXT)
    everything = pipeline(tmp_path, code, content={"page_types": ["all"]}).process(Page(TEXT.encode(), MediaType.TEXT))
    assert everything.status is Status.WRITTEN


@pytest.mark.parametrize(("hook", "result", "message"), [
    ("label_blocks(document)", "[Label(0, None, 'r', 0.9)]", "Label.reason takes str, not NoneType"),
    ("label_blocks(document)", "[Label('z', 'related', 'r', 0.9)]", "Label.block takes int, not str"),
    ("label_blocks(document)", "[Label(0, 'related', ['r'], 0.9)]", "Label.rule takes str, not list"),
    ("label_blocks(document)", "[Label(9, 'related', 'r', 0.9)]", "label for block 9, but the document has 2"),
    ("label_blocks(document)", "[Label(-1, 'related', 'r', 0.9)]", "label for block -1"),
    ("label_blocks(document)", "[Label(0, 'Related', 'r', 0.9)]", "reason 'Related' is not of the form"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', float('nan'))]", "weight nan of rule 'r'"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', 0.0)]", "weight 0.0 of rule 'r'"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', 0.9, 0, 999)]", "span 0-999 of rule 'r' is not inside block 0"),
    ("label_blocks(document)", "[Label(0, 'related', 'r', 0.9, None, 3)]", "span None-3 of rule 'r'"),
    ("propose_metadata(document)", "[Claim('headline', 'x', 'e', 'a')]", "Claim.rank takes int, not str"),
    ("propose_metadata(document)", "[Claim('headline', 'x', None)]", "Claim.evidence takes str, not NoneType"),
    ("propose_metadata(document)", "[Claim('authors', (Person(3),), 'e')]", "Person.name takes str, not int"),
    ("propose_quotes(article)", "[Quote(article.body[:3], QuoteKind.DIRECT, 0, 3, speaker=5)]", "Quote.speaker takes str or None, not int"),
    ("extract(page)", "Document(page, (Block(0, BlockKind.PARAGRAPH, 5),))", "Block.text takes str, not int"),
    ("choose_metadata(document)", "Metadata(headline=5)", "Metadata.headline takes str or None, not int"),
    ("label_blocks(document)", "sys.exit(4)", "SystemExit: 4"),
])
def test_wrong_fields_are_their_plugins_error(tmp_path: Path, hook: str, result: str, message: str) -> None:
    code = f"import sys\nfrom copydesk import *\nfrom copydesk import BlockKind\n@hookimpl\ndef {hook}:\n    return {result}\n"
    reject = pipeline(tmp_path, code).process(Page((TEXT + "\n\n" + TEXT).encode(), MediaType.TEXT)).reject
    assert reject is not None
    assert (reject.plugin, reject.code) == ("mine", "plugin_error")
    assert message in reject.message


def test_values_of_rows_turn_no_writing_around() -> None:
    head = ('<meta property="og:title" content="Bridge \u202egnp\u202c shut"><meta name="author" content="Ana \u202eBrandt\u200f">'
            '<meta property="og:site_name" content="\u2067Harbor\x1b Times\u2069"><meta name="keywords" content="storm\u200e, \u202e">')
    body = f"<h1>Bridge \u202egnp\u202c shut</h1><p>{TEXT * 4}</p><p>{TEXT * 4}</p>"
    found = copydesk.Pipeline().process(Page(f"<html><head>{head}</head><body>{body}</body></html>".encode()))
    assert found.article is not None
    said = found.article.metadata
    assert (said.headline, said.publisher, said.keywords) == ("Bridge gnp shut", "Harbor Times", ("storm",))
    assert [person.name for person in said.authors] == ["Ana Brandt"]


EXTRACT = """
@hookimpl
def extract(page):
    return Document(page, (Block(0, BlockKind.PARAGRAPH, "The river rose again on Monday."),), meta={})
"""


@pytest.mark.parametrize("meta", ["None", "('og:title',)", "3"])
def test_facts_that_are_no_mapping_are_refused_at_the_border(tmp_path: Path, meta: str) -> None:
    with pytest.raises(PluginError, match="not a mapping") as caught:
        pipeline(tmp_path, EXTRACT.format(meta)).read(TEXT)
    assert (caught.value.plugin, caught.value.hook) == ("mine", "extract")


def test_what_plugins_get_of_the_facts_can_only_be_read(tmp_path: Path) -> None:
    made = pipeline(tmp_path, EXTRACT.format("{'og:title': ('Storm',)}"))
    document = extract(made.plugins, Page(TEXT.encode(), MediaType.TEXT))
    assert document.first_meta("og:title") == "Storm"
    with pytest.raises(TypeError, match="does not support item assignment"):
        document.meta["og:title"] = ("Mine",)  # type: ignore[index]

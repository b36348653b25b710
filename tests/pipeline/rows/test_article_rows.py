"""Rows fit the published schemas, field for field."""

from datetime import UTC, datetime

import pyarrow as pa

from copydesk import Article, Claim, Image, Metadata, Page, Person, Precision, Quote, QuoteKind, Reject, Removal, Span, Status, When
from copydesk.dataset.format.schemas import SCHEMAS
from copydesk.rows.article_rows import article_row, claim_rows, claim_text, quote_rows, reject_row, removal_rows

DAY = When("2024-10-18", datetime(2024, 10, 18, tzinfo=UTC), Precision.DAY)
AUTHORS = Claim("authors", (Person("Ann Example", role="editor"),), "json-ld:author", 10, plugin="p")
OTHER = Claim("authors", (Person("Bob Other"),), "meta:author", 20, plugin="p")
ARTICLE = Article(
    page=Page(b"<p>x", source_path="in/a.html"),
    metadata=Metadata(url="https://a.example/1", headline="Storm", authors=AUTHORS.value, date_published=DAY,  # type: ignore[arg-type]
                      images=(Image("Dusk", "A. B."),), chosen=(AUTHORS,)),
    body="It rained.\n\n“Hard,” said Ann.", paragraphs=(Span(0, 10), Span(12, 29)), article_id="a1",
    claims=(AUTHORS, OTHER), removals=(Removal("Share", "share", "r", "p"),),
    quotes=(Quote("Hard,", QuoteKind.DIRECT, 13, 18, speaker="Ann"),))


def test_each_table_takes_its_rows_without_a_field_too_many_or_too_few() -> None:
    made = {
        "articles": [article_row(ARTICLE, "f")], "quotes": list(quote_rows(ARTICLE)), "claims": list(claim_rows(ARTICLE)),
        "removals": list(removal_rows(ARTICLE)),
        "rejects": [reject_row(Reject("gate", "empty", "nothing", Status.REJECTED))],
    }
    assert set(made) == set(SCHEMAS)
    for name, rows in made.items():
        assert list(rows[0]) == SCHEMAS[name].names, name
        assert pa.Table.from_pylist(rows, SCHEMAS[name]).to_pylist()[0].keys() == rows[0].keys()


def test_quotes_know_their_paragraph_and_article() -> None:
    row = next(quote_rows(ARTICLE))
    assert (row["paragraph"], row["quote_id"], row["utterance_id"]) == (1, "a1-0", "a1-u0")
    assert (row["url"], row["date_published"]) == ("https://a.example/1", DAY.instant)


def test_the_chosen_claim_is_marked() -> None:
    assert [row["chosen"] for row in claim_rows(ARTICLE)] == [True, False]


def test_claim_values_read_as_text() -> None:
    assert claim_text(Claim("date_published", DAY, "e")) == "2024-10-18"
    assert claim_text(Claim("is_accessible_for_free", False, "e")) == "false"
    assert claim_text(Claim("keywords", ("ä", "b"), "e")) == '["ä", "b"]'
    assert claim_text(AUTHORS) == '[{"name": "Ann Example", "role": "editor", "organization": "", "location": ""}]'


def test_the_text_hash_covers_headline_and_body() -> None:
    assert ARTICLE.text_sha256 == Article(ARTICLE.page, Metadata(headline="Storm"), ARTICLE.body, ARTICLE.paragraphs).text_sha256
    assert ARTICLE.text_sha256 != Article(ARTICLE.page, Metadata(), ARTICLE.body, ARTICLE.paragraphs).text_sha256

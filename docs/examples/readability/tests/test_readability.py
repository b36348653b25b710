"""The counts, and the row of an article."""

import copydesk_readability
import pyarrow as pa
import pytest

import copydesk

PAGE = """The pier opens

The pier opened on Monday. Engineers had inspected it for eleven weeks, and "it holds!", their chief said.

The harbour office paid two million crowns for repairs of the forty piles that stand in the water there.
"""


@pytest.mark.parametrize(("text", "expected"), [
    ("", (0, 0, 0)),
    ("No full stop here", (1, 4, 0)),
    ("One. Two! Three?", (3, 3, 0)),
    ("It cost 3.5 crowns.", (1, 3, 0)),
    ("Inspectors\n\ninspected", (2, 2, 2)),
    ("Ångström and naïveté", (1, 3, 2)),
])
def test_counts(text: str, expected: tuple[int, int, int]) -> None:
    assert copydesk_readability.counts(text) == expected


def test_an_article_has_one_row_that_fits_the_schema() -> None:
    article = copydesk.read(PAGE)
    found = pa.Table.from_pylist(list(copydesk_readability.rows(article)), schema=copydesk_readability.SCHEMA).to_pylist()
    assert [row["article_id"] for row in found] == [article.article_id]
    assert found[0]["lix"] == pytest.approx(found[0]["words"] / found[0]["sentences"] + 100 * found[0]["long_words"] / found[0]["words"])
    assert 20 < found[0]["lix"] < 60


def test_the_table_is_there() -> None:
    assert [table.name for table in copydesk_readability.tables()] == ["readability"]

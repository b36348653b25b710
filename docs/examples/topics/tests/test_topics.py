"""Topics by their words, and what is said of a file that is wrong."""

import copydesk_topics
import pyarrow as pa
import pytest

import copydesk
from copydesk import SettingsError, SettingsFile

WORDS = b'[topics]\nharbour = ["ferry", "pier", "harbour office"]\nbudget = ["crowns", "budget"]\nempty = []\n'
PAGE = """Ferry pier opens

The pier in Port Ashby opened on Monday. "The repairs cost two million crowns," the Harbour Office said, and closed its books.
"""


def plugin(content: bytes = WORDS, least: int = 2) -> copydesk_topics.Plugin:
    return copydesk_topics.Plugin(copydesk_topics.Plugin.Settings(words=SettingsFile("words.toml", content), least=least))


def test_an_article_has_the_topics_whose_words_stand_in_it() -> None:
    article = copydesk.read(PAGE)
    found = pa.Table.from_pylist(list(plugin().rows(article)), schema=copydesk_topics.SCHEMA).to_pylist()
    assert found == [{"article_id": article.article_id, "topic": "harbour", "hits": 3, "words": ["ferry", "harbour office", "pier"]}]


def test_how_many_words_it_takes_is_a_setting() -> None:
    assert [row["topic"] for row in plugin(least=1).rows(copydesk.read(PAGE))] == ["harbour", "budget"]


def test_a_word_inside_another_is_none() -> None:
    assert not list(plugin(b'[topics]\nsea = ["ear", "book"]\n', 1).rows(copydesk.read(PAGE)))


def test_without_a_file_there_is_no_table() -> None:
    assert copydesk_topics.Plugin(copydesk_topics.Plugin.Settings()).tables() == []


@pytest.mark.parametrize("content", [b"topics = 3", b"[other]\n", b"[topics]\nsea = 3\n", b"[topics", b"\xff"])
def test_a_wrong_file_is_an_error_with_its_path(content: bytes) -> None:
    with pytest.raises(SettingsError, match=r"words\.toml"):
        plugin(content)

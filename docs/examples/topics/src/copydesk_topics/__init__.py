"""The table ``topics``: a row for each topic that an article is about, by lists of words in a file of the user's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

import pyarrow as pa

import copydesk
from copydesk import Article, PluginSettings, SettingsError, SettingsFile, Table

SCHEMA = pa.schema([
    pa.field("article_id", pa.string(), nullable=False),
    pa.field("topic", pa.string(), nullable=False, metadata={"description": "A topic of the file of words."}),
    pa.field("hits", pa.int32(), metadata={"description": "How many different words of the topic stand in headline and body."}),
    pa.field("words", pa.list_(pa.string()), metadata={"description": "These words, folded, in alphabetical order."}),
])


class Plugin:
    """Finds the topics of articles."""

    class Settings(PluginSettings):
        """``[plugins.topics]``: ``words`` is a TOML file with a list of words a topic; ``least`` of them make an article one of it."""

        words: SettingsFile | None = None
        least: int = 2

    def __init__(self, settings: Settings) -> None:
        self.least = settings.least
        self.topics = {} if settings.words is None else {topic: _pattern(words) for topic, words in _read(settings.words).items()}

    @copydesk.hookimpl
    def tables(self) -> list[Table]:
        """The table ``topics``, when there are any."""
        return [Table("topics", SCHEMA, self.rows)] if self.topics else []

    def rows(self, article: Article) -> Iterator[Mapping[str, object]]:
        """A row for each topic of an article."""
        text = copydesk.fold_text(f"{article.metadata.headline or ''}\n{article.body}")
        for topic, pattern in self.topics.items():
            found = sorted(set(pattern.findall(text)))
            if len(found) >= self.least:
                yield {"article_id": article.article_id, "topic": topic, "hits": len(found), "words": found}


def _read(file: SettingsFile) -> dict[str, list[str]]:
    """The lists of a file, folded.

    Raises:
        SettingsError: it is no TOML, or a topic is no list of words.
    """
    try:
        topics = tomllib.loads(file.content.decode())["topics"]
        return {topic: [copydesk.fold_text(word) for word in words] for topic, words in topics.items() if words}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{file.path}: a table [topics] with a list of words for each topic is needed ({error})") from error


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Any of the words, the longest first, not inside another word."""
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in longest)})(?!\w)")

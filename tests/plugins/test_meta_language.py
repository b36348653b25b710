import sys

from meta_support import html, scrape, values

from copydesk import Field
from copydesk_plugins.meta_language import Plugin

ENGLISH = "The bridge was closed on Monday after a storm that had hit the city, and it will not be opened before May. " * 3
GERMAN = "Die Brücke wurde am Montag geschlossen, der Sturm, der die Stadt und den Hafen getroffen hatte, und sie bleibt bis Mai zu. " * 3


def test_scrapes_by_their_words_without_a_model() -> None:
    plugin = Plugin(Plugin.Settings())
    assert values(plugin, scrape(ENGLISH), Field.IN_LANGUAGE) == [("en", "text:common-words")]
    assert values(plugin, scrape(GERMAN), Field.IN_LANGUAGE) == [("de", "text:common-words")]


def test_statement_that_the_text_agrees_with_costs_nothing() -> None:
    plugin = Plugin(Plugin.Settings())
    sys.modules.pop("py3langid.langid", None)
    assert values(plugin, html(body=f"<p>{GERMAN}</p>", lang="de"), Field.IN_LANGUAGE) == []
    assert "py3langid.langid" not in sys.modules


def test_statement_that_the_text_contradicts() -> None:
    found = values(Plugin(Plugin.Settings()), html(body=f"<p>{GERMAN}</p>", lang="en"), Field.IN_LANGUAGE)
    assert found == [("de", "text:letters")]


def test_too_little_text_says_nothing() -> None:
    assert values(Plugin(Plugin.Settings()), scrape("Storm."), Field.IN_LANGUAGE) == []

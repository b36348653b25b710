import sys

import pytest

from copydesk import Field
from copydesk_plugins.describe.meta_language import Plugin
from support.metadata_pages import html, scrape, values

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


@pytest.mark.parametrize(("text", "code"), [
    ("橋は月曜日に閉鎖され、五月まで開かないと市は発表した。", "ja"),
    ("다리는 월요일에 폐쇄되었고 오월까지 열리지 않는다고 시가 밝혔다. ", "ko"),
    ("大桥周一关闭，市政府表示五月之前不会重新开放。", "zh"), ("Η γέφυρα έκλεισε τη Δευτέρα και θα ανοίξει τον Μάιο. ", "el")])
def test_scripts_need_no_model(text: str, code: str) -> None:
    plugin = Plugin(Plugin.Settings())
    sys.modules.pop("py3langid.langid", None)
    assert values(plugin, scrape(text * 12), Field.IN_LANGUAGE) == [(code, "text:script")]
    assert values(plugin, html(body=f"<p>{text * 12}</p>", lang=code), Field.IN_LANGUAGE) == []
    assert "py3langid.langid" not in sys.modules


def test_relatives_are_told_by_the_words_of_one() -> None:
    text = "Umasipala uthe ibhuloho livaliwe ngoMsombuluko futhi ngeke livulwe ngaphambi kukaMeyi, kanye nokuthi kuzolungiswa. " * 3
    assert values(Plugin(Plugin.Settings()), scrape(text), Field.IN_LANGUAGE) == [("zu", "text:letters")]


@pytest.mark.parametrize(("lang", "text"), [
    ("cs", "Most byl v pondělí uzavřen a podle města se na něj do května nikdo nedostane, protože se opravuje. "),
    ("da", "Broen blev lukket mandag, og det er ikke sikkert at den åbner før maj, fordi der er mange skader på den. ")])
def test_statements_in_close_languages_cost_nothing(lang: str, text: str) -> None:
    plugin = Plugin(Plugin.Settings())
    sys.modules.pop("py3langid.langid", None)
    assert values(plugin, html(body=f"<p>{text * 4}</p>", lang=lang), Field.IN_LANGUAGE) == []
    assert "py3langid.langid" not in sys.modules

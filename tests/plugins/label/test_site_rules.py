from __future__ import annotations

from pathlib import Path

import pytest

from copydesk import MediaType, Page, Pipeline, Settings, SettingsFile
from copydesk.html.parser import parse
from copydesk_plugins.label.site_rules import Plugin

PAGE = """<html lang="en"><head><title>Ferry stops - Harbor Times</title></head><body>
<div class="top"><h2 class="kicker">Harbour</h2><h1>Ferry stops for the winter</h1><h1 class="real">The ferry stops at last</h1></div>
<p class="who">By <i>Ann Lee</i></p><p class="when">18/10/2024</p>
<div class="story"><p>The ferry across the sound stopped on Friday, a week before it was due to, and its crew went home on foot.</p>
<p>Nobody had told the school, whose pupils waited on the quay until noon. <span class="ad">Buy a raft at Olm's.</span></p>
<div class="box"><p>Rafts are sold on Mondays.</p></div><p>Read also about the rafts of Corve and of the people who build them.</p>
<p>The town says that it will start again in March, when the new engine has come and been paid for.</p></div>
<div class="below"><p>The quay has been repaved with stones from the old mill, which took the workers the whole summer to do.</p></div>
</body></html>"""
RULES = """
[rules."harbor.example"]
body = ".story"
headline = "h1.real"
byline = ".who"
date = ".when"
remove = [
  { css = ".box", reason = "promotion" },
  { css = ".ad", reason = "advertisement" },
  { phrase = "Read also", reason = "related" },
]
"""


def file(text: str) -> SettingsFile:
    return SettingsFile("sites.toml", text.encode())


def pipeline(tmp_path: Path, rules: str) -> Pipeline:
    path = tmp_path / "sites.toml"
    path.write_text(rules, encoding="utf-8")
    given = {"plugin_settings": {"site_rules": {"files": [str(path)]}}, "content": {"page_types": ["all"]}}
    return Pipeline(Settings.model_validate(given))


@pytest.mark.parametrize("name", ["harbor.example", "en", "*"])
def test_a_page_is_read_by_the_rules_of_its_site_or_language(tmp_path: Path, name: str) -> None:
    page = Page(PAGE.encode(), url="https://www.harbor.example/ferry")
    article = pipeline(tmp_path, RULES.replace("harbor.example", name)).process(page).article
    assert article is not None
    assert article.metadata.headline == "The ferry stops at last"
    assert [person.name for person in article.metadata.authors] == ["Ann Lee"]
    assert article.metadata.date_published is not None
    assert article.metadata.date_published.local == "2024-10-18"
    assert [article.body[span.start:span.end][:9] for span in article.paragraphs] == ["The ferry", "Nobody ha", "The town "]
    reasons = {removal.text: (removal.reason, removal.plugin, removal.rule) for removal in article.removals}
    assert reasons["Rafts are sold on Mondays."] == ("promotion", "site_rules", f"{name}: .box")
    assert reasons["Buy a raft at Olm's."] == ("advertisement", "site_rules", f"{name}: .ad")
    assert next(found for text, found in reasons.items() if text.startswith("Read also")) == ("related", "site_rules", f"{name}: Read also")
    assert next(found for text, found in reasons.items() if text.startswith("The quay"))[1:] == ("site_rules", f"{name}: .story")
    assert {claim.evidence for claim in article.metadata.chosen if claim.plugin == "site_rules"} == {
        f"site-rule:{name}: {selector}" for selector in ("h1.real", ".who", ".when")}


@pytest.mark.parametrize("name", ["other.example", "de"])
def test_rules_of_other_sites_and_languages_say_nothing(tmp_path: Path, name: str) -> None:
    page = Page(PAGE.encode(), url="https://www.harbor.example/ferry")
    without = Pipeline(Settings.model_validate({"content": {"page_types": ["all"]}})).process(page).article
    assert pipeline(tmp_path, RULES.replace("harbor.example", name)).process(page).article == without


def test_a_container_without_text_says_nothing() -> None:
    plugin = Plugin(Plugin.Settings.model_construct(files=(file('[rules."*"]\nbody = ".gone"\n'),)))
    assert list(plugin.label_blocks(parse(Page(PAGE.encode())))) == []


def test_plain_text_knows_phrases_alone() -> None:
    plugin = Plugin(Plugin.Settings.model_construct(files=(file(RULES.replace("harbor.example", "*")),)))
    document = parse(Page(b"<p>Read also about rafts</p><p>Rain.</p>", MediaType.HTML))
    assert [(label.block, label.reason) for label in plugin.label_blocks(document)] == [(0, "related")]

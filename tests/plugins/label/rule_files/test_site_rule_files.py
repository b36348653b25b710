"""Rule files for sites: what the loader says of one that cannot work."""

from __future__ import annotations

import re

import pytest

from copydesk import SettingsError, SettingsFile
from copydesk_plugins.label.rule_files.site_rule_files import read


def file(text: str) -> SettingsFile:
    return SettingsFile("sites.toml", text.encode())


@pytest.mark.parametrize(("text", "message"), [
    ('[rules."harbor.example"]\nbody = "p >> q["\n', "sites.toml, line 2, rules for 'harbor.example': body: not a CSS selector: 'p >> q['"),
    ('\n[rules."harbor.example"]\nbody = ".a"\nbodi = ".b"\n', "sites.toml, line 4, rules for 'harbor.example': unknown key 'bodi'"),
    ('[rules."harbor.example"]\n\nremove = [{ css = ".a" }]\n',
     "sites.toml, line 3, rules for 'harbor.example': remove, entry 1: reason: Field"),
    ('[rules."harbor.example"]\nremove = [\n  { css = "#a", reason = "x" },  # the {first}\n  { phrase = "{b}", reason = "x" },\n'
     '  { css = "p[", reason = "x" },\n]\n',
     "sites.toml, line 5, rules for 'harbor.example': remove, entry 3: css: not a CSS selector: 'p['"),
    ('[rules.english]\n', "sites.toml, line 1: 'english' is neither a registrable domain nor a language of two letters nor *"),
    ('[rules."harbor.example"]\nremove = [{ css = ".a", phrase = "b", reason = "c" }]\n', "it takes either css or phrase"),
    ('[rules."www.harbor.example"]\n', "sites.toml, line 1: 'www.harbor.example' is neither a registrable domain ('harbor.example' is)"),
    ("[rules\n", "sites.toml is not valid TOML"),
    ("[[rules]]\n", "rules: Input should be a valid dictionary"),
])
def test_wrong_files_are_told_with_their_lines(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(message)):
        read([file(text)])


def test_the_same_site_twice_is_refused() -> None:
    with pytest.raises(SettingsError, match="there are rules for 'en' already"):
        read([file("[rules.en]\n"), file("[rules.en]\n")])

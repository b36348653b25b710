"""Rule files of users: where their rules count, and what the loader says of a file that cannot work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from copydesk import Document, SettingsError, SettingsFile
from copydesk.settings.plugin_files import MOST_BYTES
from copydesk.settings.schema import from_mapping
from copydesk_plugins.label import clean_phrases
from copydesk_plugins.shared.phrases.user_rules import UserRules
from support.cleaning import PARAGRAPHS, labelled, scrape

PATTERN = """[[rules]]
rule = "tide-line"
reason = "promotion"
weight = 0.9
needs = ["tide table"]
pattern = '''\\bread our <thing>'''
hit = "Read our tide table."
miss = "The tide table was wrong."
"""
SLOTS = '[slots]\nthing = "(?:tide table|almanac)"\n'
TEXT = '[[rules]]\nrule = "{name}"\nreason = "boilerplate"\nweight = 0.9\n{more}text = "{text}"\n'
FOOTER = "The “Harbour Post” is printed on the quay"


def plugin(*contents: str) -> clean_phrases.Plugin:
    files = tuple(SettingsFile(f"/rules-{number}.toml", text.encode()) for number, text in enumerate(contents))
    return clean_phrases.Plugin(clean_phrases.Plugin.Settings(files=files))


def page(line: str, url: str | None = None) -> Document:
    document = scrape("\n\n".join([*PARAGRAPHS, line]))
    return replace(document, page=replace(document.page, url=url))


def reasons(made: clean_phrases.Plugin, document: Document) -> set[str]:
    return labelled(list(made.label_blocks(document)), document).get(document.blocks[-1].text, set())


def test_a_pattern_rule_with_slots_counts_beside_the_shipped_ones() -> None:
    made = plugin(SLOTS + PATTERN)
    assert reasons(made, page("Read our tide table!")) == {"promotion"}
    assert reasons(made, page("Sign up here for our weekly politics newsletter.")) == {"newsletter"}
    assert reasons(plugin(), page("Read our tide table!")) == set()


def test_a_rule_of_a_language_counts_on_its_pages_only() -> None:
    german = 'language = "de"\n' + SLOTS + PATTERN
    assert reasons(plugin(german), page("Read our tide table!")) == set()
    assert reasons(plugin(german.replace('"de"', '"en"')), page("Read our tide table!")) == {"promotion"}
    one_rule = SLOTS + PATTERN + 'language = "de"\n'
    assert reasons(plugin(one_rule), page("Read our tide table!")) == set()


@pytest.mark.parametrize("where", ["file", "rule"])
def test_a_rule_of_a_site_counts_there_only(where: str) -> None:
    of_site = 'site = "harbour.example"\n'
    rule = TEXT.format(name="a", more=of_site if where == "rule" else "", text=FOOTER)
    made = plugin(of_site * (where == "file") + rule)
    assert reasons(made, page(FOOTER, "https://www.harbour.example/a")) == {"boilerplate"}
    assert reasons(made, page(FOOTER, "https://other.example/a")) == set()
    assert reasons(made, page(FOOTER)) == set(), "nothing says which site this is"
    known = page(FOOTER)
    assert reasons(made, replace(known, page=replace(known.page, site="news.harbour.example"))) == {"boilerplate"}


def test_a_text_rule_is_the_whole_block_folded() -> None:
    made = plugin(TEXT.format(name="a", more="", text=FOOTER))
    assert reasons(made, page(FOOTER.upper().replace("“", '"').replace("”", '"'))) == {"boilerplate"}
    assert reasons(made, page(FOOTER + ".")) == set()


def test_text_rules_weigh_the_same_wherever_they_stand() -> None:
    sentence = "The harbour master said that the office by the quay will answer all letters within nine days, as it always did."
    made = plugin(TEXT.format(name="a", more="", text=sentence))
    document = scrape("\n\n".join([PARAGRAPHS[0], sentence, *PARAGRAPHS[1:]]))
    assert [label.weight for label in made.label_blocks(document) if label.block == 1] == [0.9]


def test_thousands_of_texts_are_one_look_up() -> None:
    """Texts are no patterns: none of them is tried on a block, only the table of the page's site is asked."""
    many = "".join(TEXT.format(name=f"t{number}", more=f'site = "s{number % 7}.example"\n', text=f"{FOOTER} {number}")
                   for number in range(3_000))
    own = UserRules([SettingsFile("/many.toml", many.encode())])
    assert own.phrases.rules == ()
    assert {site: len(table) for site, table in own.texts.items()} == {f"s{n}.example": len(range(n, 3_000, 7)) for n in range(7)}
    assert reasons(plugin(many), page(f"{FOOTER} 8", "https://s1.example/x")) == {"boilerplate"}
    assert reasons(plugin(many), page(f"{FOOTER} 9", "https://s1.example/x")) == set()


GOOD = SLOTS + PATTERN
FAULTS = {
    "no TOML": ("[[rules]\n", r"/rules-0.toml is not valid TOML: .*line 1"),
    "not UTF-8": (b"\xff\xfe".decode("latin-1"), r"is not valid TOML"),
    "unknown key": (GOOD.replace("weight", "wieght"), r"/rules-0.toml, line 3, rule 'tide-line': unknown key 'wieght' \(known: rule,"),
    "unknown key of the file": ('colour = 1\n' + GOOD, r"/rules-0.toml: unknown key 'colour' \(known: language, site"),
    "wrong type": (GOOD.replace("0.9", '"much"'), r"line 3, rule 'tide-line': weight: Input should be a valid number"),
    "weight": (GOOD.replace("0.9", "1.5"), r"rule 'tide-line': weight: Input should be less than or equal to 1"),
    "reason": (GOOD.replace('"promotion"', '"A Reason"'), r"rule 'tide-line': reason: "),
    "language": (GOOD + 'language = "English"\n', r"rule 'tide-line': language: "),
    "no name": (GOOD.replace('rule = "tide-line"\n', ""), r"line 3, rule number 1: rule: Field required"),
    "missing": (GOOD.replace('miss = "The tide table was wrong."\n', ""), r"line 3, rule 'tide-line': missing miss \(or a text instead\)"),
    "no slot": (PATTERN, r"/rules-0.toml, line 1, rule 'tide-line': no slot named 'thing'"),
    "unbounded": (GOOD.replace("read our", "read .* our"), r"line 3, rule 'tide-line': a repetition has no upper bound"),
    "no pattern": (GOOD.replace("read our", "read (our"), r"line 3, rule 'tide-line': .*unterminated"),
    "hit": (GOOD.replace("Read our tide table.", "Read your tide table."), r"rule 'tide-line': it does not hit its own example 'Read"),
    "needs": (GOOD.replace('["tide table"]', '["Tide Table"]'), r"rule 'tide-line': it does not hit its own example"),
    "miss": (GOOD.replace("The tide table was wrong.", "So: read our tide table!"), r"rule 'tide-line': it hits 'So: read our"),
    "twice": (GOOD + PATTERN, r"line 11, rule 'tide-line': there is a rule of this name already \(/rules-0.toml, line 3\)"),
    "site": (GOOD + 'site = "www.harbour.example"\n', r"site 'www.harbour.example' is no registrable domain: 'harbour.example' is"),
    "no site": (GOOD + 'site = "a b"\n', r"site 'a b' is no registrable domain"),
    "text and pattern": (GOOD + 'text = "x"\n', r"rule 'tide-line': a rule with a text takes no needs, pattern"),
    "empty text": (TEXT.format(name="a", more="", text=" "), r"rule 'a': its text is empty"),
    "long text": (TEXT.format(name="a", more="", text="x" * 2_001), r"rule 'a': text: String should have at most 2000"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_work_is_refused_with_file_line_and_rule(fault: str) -> None:
    text, message = FAULTS[fault]
    with pytest.raises(SettingsError, match=message):
        UserRules([SettingsFile("/rules-0.toml", text.encode("latin-1") if fault == "not UTF-8" else text.encode())])


def test_many_faults_are_told_a_few_at_a_time() -> None:
    text = "".join(TEXT.format(name=f"t{n}", more="wrong = 1\n", text="x") for n in range(300))
    with pytest.raises(SettingsError, match=r"and 295 more$"):
        UserRules([SettingsFile("/r.toml", text.encode())])


def test_names_are_unique_over_all_files_and_empty_files_are_fine() -> None:
    plugin("", "# nothing learned\n")
    with pytest.raises(SettingsError, match=r"/rules-1.toml, line 3, rule 'tide-line': .*\(/rules-0.toml, line 3\)"):
        plugin(GOOD, GOOD)


def test_files_are_named_in_the_settings_relative_to_them(tmp_path: Path) -> None:
    import copydesk

    def made(name: str = "my.toml") -> copydesk.Pipeline:
        return copydesk.Pipeline(from_mapping({"plugins": {"clean_phrases": {"files": [name]}}}, base=str(tmp_path)))

    with pytest.raises(SettingsError, match=r"\[plugins.clean_phrases\]: files.0: cannot read 'my.toml': No such file"):
        made()
    (tmp_path / "my.toml").write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(SettingsError, match=r"cannot read 'my.toml': it has more than 5,000,000 bytes"):
        made()
    with pytest.raises(SettingsError, match=r"files.0: cannot read '.': not a regular file|Is a directory"):
        made(".")
    (tmp_path / "my.toml").write_text(GOOD, encoding="utf-8")
    first = made().fingerprint
    assert made().fingerprint == first
    (tmp_path / "my.toml").write_text(GOOD.replace("0.9", "0.8"), encoding="utf-8")
    assert made().fingerprint != first

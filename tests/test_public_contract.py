"""What plugins and programs rely on does not change in silence: each change of a public name stands in the changelog."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import public_contract

NEW = "## [Unreleased]\n\n- `read` takes an address. `Sum` is new.\n\n## [1.0.0]\n\n- `Page` is new.\n"


def test_every_change_of_a_public_name_stands_in_the_changelog() -> None:
    untold = public_contract.pending()
    assert not untold, "\n".join([
        "name each of these in back quotes (a member as `Class.member`) in a new line under [Unreleased] in CHANGELOG.md:",
        *(f"  {name}: {told}" for name, told in untold.items())])


def test_the_snapshot_is_not_written_over_a_change_that_nothing_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`copydesk.erase` stands in old lines of the changelog, and that does not help."""
    changelog = public_contract.CHANGELOG.read_text(encoding="utf-8")
    before = {"changelog": sorted(public_contract.lines(changelog)), "contract": public_contract.contract() | {"copydesk.erase": "(path)"}}
    monkeypatch.setattr(public_contract, "SNAPSHOT", tmp_path / "contract.json")
    public_contract.SNAPSHOT.write_text(json.dumps(before), encoding="utf-8")
    assert set(public_contract.pending()) == {"copydesk.erase"}
    with pytest.raises(SystemExit, match=r"copydesk\.erase: was \(path\), is "):
        public_contract.main()
    assert json.loads(public_contract.SNAPSHOT.read_text(encoding="utf-8")) == before
    monkeypatch.setattr(public_contract, "CHANGELOG", tmp_path / "CHANGELOG.md")
    public_contract.CHANGELOG.write_text(changelog.replace("### Added\n\n", "### Added\n\n- `erase` takes more.\n", 1), encoding="utf-8")
    public_contract.main()
    assert json.loads(public_contract.SNAPSHOT.read_text(encoding="utf-8"))["contract"] == public_contract.contract()


def test_an_old_line_tells_of_no_new_change() -> None:
    known = public_contract.lines(NEW)
    assert public_contract.untold({"m.read": "gone"}, NEW) == {}
    assert set(public_contract.untold({"m.read": "gone"}, NEW, known)) == {"m.read"}
    more = NEW.replace("## [1.0.0]", "- `read` is gone:\n  nobody used it.\n\n## [1.0.0]")
    assert public_contract.untold({"m.read": "gone"}, more, known) == {}
    assert public_contract.lines(NEW.replace("takes an", "takes\n  an")) == known, "a line that is only broken elsewhere is an old one"


def test_the_contract_holds_signatures_fields_members_and_hooks() -> None:
    found = public_contract.contract()
    assert found["copydesk.read"].startswith("(html_or_text: str | bytes, url")
    assert found["copydesk.Label.weight"] == "float"
    assert found["copydesk.Label.block"] == "int"
    assert found["copydesk.Reason.PAYWALL"] == "'paywall'"
    assert found["copydesk.Dataset.commit"] == "property (self) -> int"
    assert found["hook extract"].endswith("-> Document | None, the first answer wins")
    assert found["copydesk.PageError.()"].startswith("(self, ")
    assert not [name for name in found if "._" in name]


def test_what_changed_is_told() -> None:
    before = {"m.read": "(content)", "m.gone": "()", "m.same": "()"}
    now = {"m.read": "(content, url)", "m.same": "()", "m.Sum": "class(object)", "m.Sum.total": "int", "m.Sum.()": "(self)"}
    changed = public_contract.changes(before, now)
    assert changed == {
        "m.gone": "gone (was ())", "m.Sum": "new: class(object)", "m.Sum.total": "new: int", "m.Sum.()": "new: (self)",
        "m.read": "was (content), is (content, url)"}
    assert set(public_contract.untold(changed, NEW)) == {"m.gone"}


def test_only_what_is_not_released_yet_counts() -> None:
    changed = public_contract.changes({}, {"m.Page": "class(object)"})
    assert set(public_contract.untold(changed, NEW)) == {"m.Page"}


def test_a_new_field_of_an_old_class_is_named_itself() -> None:
    changed = public_contract.changes({"m.Sum": "class(object)"}, {"m.Sum": "class(object)", "m.Sum.mean": "float"})
    assert set(public_contract.untold(changed, NEW)) == {"m.Sum.mean"}


def test_a_member_is_not_told_by_a_word_about_something_else() -> None:
    changed = public_contract.changes({"m.Block.text": "str", "m.read": "()"}, {"m.Block.text": "bytes", "m.read": "(text)"})
    assert set(public_contract.untold(changed, "## [Unreleased]\n- `read(text)` and `Removal.text` are new.\n")) == {"m.Block.text"}
    assert not public_contract.untold(changed, "## [Unreleased]\n- `copydesk.Block.text` is bytes, as `read(text)` is.\n")

"""Settings: read from TOML, defaults, and errors a person can act on."""

from pathlib import Path

import pytest

from copydesk import SettingsError
from copydesk.settings.schema import Settings, load


def test_a_file_fills_the_tree(tmp_path: Path) -> None:
    file = tmp_path / "copydesk.toml"
    file.write_text('disable = ["x"]\n[content]\nmin_words = 4\n[plugins]\nload = ["a.py"]\n[plugins.a]\nkey = 1\n', encoding="utf-8")
    settings = load(file)
    assert (settings.disable, settings.content.min_words, settings.plugins) == (("x",), 4, ("a.py",))
    assert settings.plugin_settings == {"a": {"key": 1}}
    assert settings.base == str(tmp_path)


def test_plugins_may_be_a_plain_list(tmp_path: Path) -> None:
    file = tmp_path / "copydesk.toml"
    file.write_text('plugins = ["a.py"]\n', encoding="utf-8")
    assert load(file).plugins == ("a.py",)


def test_without_a_file_the_defaults_hold() -> None:
    assert load(None) == Settings()


@pytest.mark.parametrize(("text", "message"), [
    ("[limits]\npage_bites = 3\n", r"unknown key 'limits.page_bites' \(known: page_bytes, compressed_bytes"),
    ("colour = 1\n", r"unknown key 'colour' \(known: plugins, disable"),
    ("[limits]\npage_bytes = 0\n", "limits.page_bytes: Input should be greater than 0"),
    ("[limits\n", "is not valid TOML"),
])
def test_errors_say_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "copydesk.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load(file)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read settings .*No such file"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(("text", "message"), [
    ("[content]\npage_types = []\n", "content.page_types: name at least 1"),
    ("[content]\npage_types = ['artikel']\n", r"content.page_types: 'artikel' is not article, live_blog, .* or all$"),
    ("base = '/'\n", r"unknown key 'base' \(known: plugins"),
    ("[plugin_settings.a]\nx = 1\n", r"unknown key 'plugin_settings'"),
])
def test_wrong_page_types_and_inner_fields_are_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "copydesk.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load(file)

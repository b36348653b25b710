"""Plugins are found, ordered, given their settings, called, and named when they fail."""

from __future__ import annotations

from pathlib import Path

import pytest

import copydesk
from copydesk import MediaType, Page, PluginError, Settings, SettingsError, Status
from copydesk.settings.schema import from_mapping

HEAD = "from copydesk import *\nimport copydesk\nfrom copydesk import hookimpl, Label, PluginSettings\n"
TEXT = Page(b"A first paragraph about the river.\n\nA second paragraph about the bridge.", MediaType.TEXT, "in/page.txt")


def pipeline(tmp_path: Path, code: str, **settings: object) -> copydesk.Pipeline:
    (tmp_path / "mine.py").write_text(HEAD + code, encoding="utf-8")
    return copydesk.Pipeline(from_mapping({"plugins": {"load": ["mine.py"]}, **settings}, base=str(tmp_path)))


LABELLER = """
@hookimpl
def label_blocks(document):
    {}
"""


def test_a_file_of_functions_is_a_plugin(tmp_path: Path) -> None:
    made = pipeline(tmp_path, LABELLER.format("yield Label(0, 'promotion', 'first', 1.0)"))
    info = next(info for info in made.plugins.infos if info.name == "mine")
    assert info.hooks == ("label_blocks",)
    assert info.origin == str(tmp_path / "mine.py")


CLASS = """
class Plugin:
    class Settings(PluginSettings):
        phrase: str
    def __init__(self, settings):
        self.phrase = settings.phrase
    @hookimpl
    def label_blocks(self, document):
        return [Label(b.index, 'promotion', 'phrase', 1.0) for b in document.blocks if self.phrase in b.text]
"""


def test_a_class_gets_its_validated_settings(tmp_path: Path) -> None:
    made = pipeline(tmp_path, CLASS, plugins={"load": ["mine.py"], "mine": {"phrase": "bridge"}})
    outcome = made.process(TEXT)
    assert outcome.article is None or "bridge" not in outcome.article.body


@pytest.mark.parametrize(("given", "message"), [
    ({"phrase": "x", "fraze": 1}, r"\[plugins.mine\]: unknown key 'fraze' \(known: phrase\)"),
    ({}, r"\[plugins.mine\]: phrase: Field required"),
])
def test_wrong_plugin_settings_are_explained(tmp_path: Path, given: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        pipeline(tmp_path, CLASS, plugins={"load": ["mine.py"], "mine": given})


@pytest.mark.parametrize(("body", "message"), [
    ("raise ValueError('no luck')", "plugin 'mine', hook label_blocks: ValueError: no luck"),
    ("yield Label(99999, 'promotion', 'r', 1.0)", "label for block 99999, but the document has"),
    ("yield Label(0, 'No Reason', 'r', 1.0)", "reason 'No Reason' is not of the form"),
    ("yield Label(0, 'promotion', 'r', 1.5)", "weight 1.5 of rule 'r'"),
    ("yield Label(0, 'promotion', 'r', 1.0, 5, 99999)", "span 5-99999 of rule 'r'"),
    ("yield 'promotion'", "yielded str, not Label"),
    ("return 7", "returned int, not an iterable of Label"),
])
def test_a_failing_plugin_costs_its_page_and_is_named(tmp_path: Path, body: str, message: str) -> None:
    outcome = pipeline(tmp_path, LABELLER.format(body)).process(TEXT)
    assert outcome.status is Status.QUARANTINED
    assert outcome.reject is not None
    assert (outcome.reject.plugin, outcome.reject.stage, outcome.reject.source_path) == ("mine", "label_blocks", "in/page.txt")
    assert message in outcome.reject.message


def test_settings_can_skip_a_failing_plugin(tmp_path: Path) -> None:
    made = pipeline(tmp_path, LABELLER.format("raise ValueError"), run={"on_plugin_error": "skip-plugin"}, content={"page_types": ["all"]})
    assert made.process(TEXT).status is Status.WRITTEN


@pytest.mark.parametrize(("code", "message"), [
    ("x = 1\n", "has no hooks"),
    ("@hookimpl\ndef label_blocks(documint):\n    pass\n", "documint"),
    ("@hookimpl\ndef label_blox(document):\n    pass\n", "label_blox"),
    ("@hookimpl(wrapper=True)\ndef label_blocks(document):\n    return (yield)\n", "hook wrappers are not supported"),
    ("raise RuntimeError('at import')\n", "cannot be loaded: RuntimeError: at import"),
])
def test_a_plugin_that_cannot_work_is_refused_at_start(tmp_path: Path, code: str, message: str) -> None:
    with pytest.raises(PluginError, match=message):
        pipeline(tmp_path, code)


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"no plugin named 'nobody' \(there are: .*core"):
        copydesk.Pipeline(Settings(disable=("nobody",)))
    with pytest.raises(SettingsError, match=r"plugin file .*gone.py does not exist"):
        copydesk.Pipeline(Settings(plugins=("/tmp/gone.py",)))
    with pytest.raises(SettingsError, match="no hook named 'xtract'"):
        copydesk.Pipeline(Settings(order={"xtract": ()}))


EXTRACTOR = """
@hookimpl
def extract(page):
    return Document(page, (Block(0, BlockKind.PARAGRAPH, 'from mine'),))
"""


def test_order_decides_who_is_asked_first(tmp_path: Path) -> None:
    named = pipeline(tmp_path, EXTRACTOR).plugins.order("extract")
    assert named[0] == "mine", "plugins of the settings go before installed ones"
    others = [name for name in named if name != "mine"]
    reordered = pipeline(tmp_path, EXTRACTOR, order={"extract": [*others, "mine"]}).plugins.order("extract")
    assert reordered == (*others, "mine")


def test_the_fingerprint_follows_what_can_change_rows(tmp_path: Path) -> None:
    code = LABELLER.format("yield Label(0, 'promotion', 'first', 1.0)")
    first = pipeline(tmp_path, code).fingerprint
    assert pipeline(tmp_path, code).fingerprint == first
    assert pipeline(tmp_path, code, run={"workers": 7}).fingerprint == first
    assert pipeline(tmp_path, code, content={"min_words": 3}).fingerprint != first
    assert pipeline(tmp_path, code + "\n# changed\n").fingerprint != first


def test_who_only_hears_of_finished_runs_changes_no_fingerprint(tmp_path: Path) -> None:
    without = copydesk.Pipeline().fingerprint
    bell = ("import copydesk\nclass Plugin:\n    class Settings(copydesk.PluginSettings):\n        url: str = ''\n"
            "    def __init__(self, settings):\n        pass\n    @copydesk.hookimpl\n    def run_finished(self, report):\n        pass\n")
    assert pipeline(tmp_path, bell, plugins={"load": ["mine.py"], "mine": {"url": "x"}}).fingerprint == without
    labels = bell + "    @copydesk.hookimpl\n    def label_blocks(self, document):\n        return []\n"
    assert pipeline(tmp_path, labels).fingerprint != without


def test_a_plugin_may_leave_out_arguments(tmp_path: Path) -> None:
    code = "@hookimpl\ndef propose_metadata(document):\n    yield Claim('publisher', 'The Ford', 'file:mine', 1)\n"
    article = pipeline(tmp_path, code, content={"page_types": ["all"]}).process(TEXT).article
    assert article is not None
    assert article.metadata.publisher == "The Ford"


def test_a_plugin_that_exits_is_refused_like_one_that_raises(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="cannot be loaded: SystemExit: 9"):
        pipeline(tmp_path, "import sys\nsys.exit(9)\n")
    made = pipeline(tmp_path, "@hookimpl\ndef run_finished(report):\n    raise SystemExit(5)\n"
                              "@hookimpl\ndef plan_source(location):\n    return 7\n")
    with pytest.raises(PluginError, match="hook run_finished: SystemExit: 5"):
        made.plugins.call("mine", "run_finished", report=None)
    with pytest.raises(PluginError, match="returned int, not an iterable of SourceRange"):
        made.plugins.first("plan_source", location=None)

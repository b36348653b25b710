"""The label stage: plugins say what blocks are; the core checks each label and writes the plugin's name on it."""

from __future__ import annotations

import re

from copydesk.model.document import Document
from copydesk.model.frozen import slot_setters
from copydesk.model.labels import Label, Reason
from copydesk.plugins.manager import Plugins
from copydesk.plugins.validation import LABEL, type_fault
from copydesk.stages.proposals.signing import signed

_REASON = re.compile(r"[a-z][a-z_]{0,39}")


def label(plugins: Plugins, document: Document) -> tuple[Label, ...]:
    """The labels of all plugins, checked, each with its plugin's name on it.

    Raises:
        PluginError: a plugin raised, or gave what its hook does not allow.
    """
    found: list[Label] = []
    for name, result in plugins.each("label_blocks", document=document):
        for item in result:
            if item.__class__ is Label and _is_plain(item, len(document.blocks)):
                found.append(_signed_label(item, name))
            else:
                found += signed(name, "label_blocks", (item,), Label, lambda each: _label_fault(each, document))
    return tuple(found)


_set_block, _set_reason, _set_rule, _set_weight, _set_start, _set_end, _set_plugin, _set_chance = slot_setters(Label)


def _signed_label(item: Label, plugin: str) -> Label:
    """A copy of a label with the plugin's name on it."""
    made = object.__new__(Label)
    _set_block(made, item.block)
    _set_reason(made, item.reason)
    _set_rule(made, item.rule)
    _set_weight(made, item.weight)
    _set_start(made, item.start)
    _set_end(made, item.end)
    _set_plugin(made, plugin)
    _set_chance(made, item.chance)
    return made


def _label_fault(item: Label, document: Document) -> str | None:
    wrong = type_fault(item, LABEL)
    if wrong:
        return wrong
    if not 0 <= item.block < len(document.blocks):
        return f"label for block {item.block}, but the document has {len(document.blocks)}"
    if not _REASON.fullmatch(item.reason):
        return f"reason {item.reason!r} is not of the form [a-z][a-z_]*"
    if not 0.0 < item.weight <= 1.0:
        return f"weight {item.weight} of rule {item.rule!r} is not above 0 and at most 1"
    if item.chance is not None and not 0.0 <= item.chance <= 1.0:
        return f"chance {item.chance} of rule {item.rule!r} is not between 0 and 1"
    length = len(document.blocks[item.block].text)
    if (item.start is None) != (item.end is None) or (
            item.start is not None and item.end is not None and not 0 <= item.start < item.end <= length):
        return f"span {item.start}-{item.end} of rule {item.rule!r} is not inside block {item.block} ({length} characters)"
    return None


def _is_plain(item: Label, count: int) -> bool:
    """Whether a label is right and of the most common form: for one of ``count`` whole blocks, with a reason of `Reason`.

    Other labels get the slower check of all fields.
    """
    return (item.start is item.end is None and type(item.block) is int and 0 <= item.block < count
            and type(item.reason) in _TEXTS and item.reason in _REASONS and type(item.rule) is str
            and type(item.weight) is float and 0.0 < item.weight <= 1.0
            and (item.chance is None or (type(item.chance) is float and 0.0 <= item.chance <= 1.0)))


_TEXTS = (Reason, str)
_REASONS = frozenset(Reason)

"""The result of a check of a plugin."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Check(StrEnum):
    """The checks of a plugin. The comment behind each says what a plugin must do to pass it."""

    LOAD = "load"  # it can be imported, and starts with its settings
    SIGNATURE = "signature"  # its hooks exist, are marked, and take only arguments that the core passes
    ANNOTATIONS = "annotations"  # every argument and result of a hook has a type that fits the specification
    DOCSTRINGS = "docstrings"  # the module and each public class, function and hook have a docstring
    RAISES = "raises"  # it raises no error on any page
    RETURNS = "returns"  # what it returns has the right type and is within bounds
    PURE = "pure"  # the same page gives the same result: in a second call, a fresh instance, another process, another order
    MUTATES = "mutates"  # it does not change its arguments
    NETWORK = "network"  # it does not use the network while pages are processed
    WRITES = "writes"  # it does not change files
    SUBPROCESS = "subprocess"  # it does not start processes
    LIMITS = "limits"  # it keeps within the time and memory that a page may take
    DIES = "dies"  # it does not end the process


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a plugin.

    Attributes:
        check: the check that found it (`Check`).
        message: what is wrong, in one sentence.
        hook: the hook that it concerns; empty for the whole plugin.
    """

    check: str
    message: str
    hook: str = ""

    def __str__(self) -> str:
        return f"[{self.check}] {self.hook}: {self.message}" if self.hook else f"[{self.check}] {self.message}"


@dataclass(frozen=True, slots=True)
class PluginCheck:
    """The result of a check of a plugin.

    Attributes:
        plugin: the name of the plugin.
        hooks: the hooks that it has.
        findings: what is wrong.
        milliseconds: the mean time per sample page, by hook.
        notes: what could not be checked.
    """

    plugin: str
    hooks: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    milliseconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def text(self) -> str:
        """Return the result in lines for people."""
        count = len(self.findings)
        lines = [f"{self.plugin}: {f'{count} finding' if count else 'all checks hold'}{'s' if count > 1 else ''}"]
        lines += [f"  {finding}" for finding in self.findings]
        lines += [f"  {hook}: {took:.2f} ms a page" for hook, took in self.milliseconds.items()]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def raise_if_failed(self, ignore: Collection[str] = ()) -> None:
        """Fail a test when something is wrong.

        Args:
            ignore: checks whose findings do not count.

        Raises:
            AssertionError: there are findings; the message lists all of them.
        """
        if any(finding.check not in ignore for finding in self.findings):
            raise AssertionError(self.text())

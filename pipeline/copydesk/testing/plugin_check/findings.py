"""What a check of a plugin finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Check(StrEnum):
    """What is held against a plugin, by the names that its findings have."""

    LOAD = "load"  # it can be imported and set up with its settings
    SIGNATURE = "signature"  # its hooks exist, are marked, and take arguments that the core passes
    ANNOTATIONS = "annotations"  # every argument and result of a hook has a type that fits the specification
    DOCSTRINGS = "docstrings"  # the module and each public thing in it say what they are
    RAISES = "raises"  # no page makes it raise
    RETURNS = "returns"  # what it gives is of the right type and in bounds
    PURE = "pure"  # the same page gives the same result: again, in a fresh instance, in another process, in another order
    MUTATES = "mutates"  # it changes nothing that it is given
    NETWORK = "network"  # it uses no network while pages are processed
    WRITES = "writes"  # it changes no files
    SUBPROCESS = "subprocess"  # it starts no processes
    LIMITS = "limits"  # it keeps to the time and memory that a page may take
    DIES = "dies"  # it does not end the process


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a plugin: which check found it (`Check`), one sentence, and the hook (empty: the whole plugin)."""

    check: str
    message: str
    hook: str = ""

    def __str__(self) -> str:
        return f"[{self.check}] {self.hook}: {self.message}" if self.hook else f"[{self.check}] {self.message}"


@dataclass(frozen=True, slots=True)
class PluginCheck:
    """What a check of a plugin came to.

    ``hooks`` are the hooks that it has, ``findings`` what is wrong, ``milliseconds`` the mean time per sample page by hook, ``notes`` what
    could not be tried.
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
        """All of it in lines for people."""
        count = len(self.findings)
        lines = [f"{self.plugin}: {f'{count} finding' if count else 'all checks hold'}{'s' if count > 1 else ''}"]
        lines += [f"  {finding}" for finding in self.findings]
        lines += [f"  {hook}: {took:.2f} ms a page" for hook, took in self.milliseconds.items()]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])

    def raise_if_failed(self, ignore: Collection[str] = ()) -> None:
        """Fail a test when something is wrong; findings of the checks in ``ignore`` do not count.

        Raises:
            AssertionError: it lists the findings.
        """
        if any(finding.check not in ignore for finding in self.findings):
            raise AssertionError(self.text())

"""Call a plugin's hooks in several ways, and compare the results."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from copydesk.errors import PageError, PluginError
from copydesk.model.document import Document
from copydesk.plugins.manager import Plugins
from copydesk.plugins.validation import UNCHECKABLE
from copydesk.rows.plugin_tables import UnfitRowError
from copydesk.testing.plugin_check.cases import Call, Case
from copydesk.testing.plugin_check.findings import Check, Finding
from copydesk.testing.plugin_check.guard import Guard

Tell = Callable[[object], None]
"""Sends an object to the parent process."""
LONGEST_MESSAGE = 500
"""A finding shows this many characters of an error."""


@dataclass(frozen=True, slots=True)
class At:
    """A message of the process that checks: it begins a call.

    Attributes:
        hook: the hook; empty at the import and at the start of the plugin.
        on: what the hook is called on, in words.
    """

    hook: str
    on: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the process that checks: it is done.

    Attributes:
        plugin: the name of the plugin.
        hooks: the hooks that it has; empty when the plugin could not be started.
        milliseconds: the mean time per sample page, by hook.
        notes: what could not be checked.
        digests: the hash of each result, by hook and sample.
    """

    plugin: str
    hooks: tuple[str, ...]
    milliseconds: Mapping[str, float]
    notes: tuple[str, ...]
    digests: Mapping[tuple[str, str], str]


@dataclass(slots=True)
class Probe:
    """Calls a plugin and a second instance of it, and sends findings: the first one of each check in each hook.

    Attributes:
        plugins: the plugin.
        fresh: a second instance of it.
        guard: records what the plugin must not do.
        tell: sends a message to the parent.
        digests: the hash of each result, by hook and sample.
        seconds: the time of each timed call, by hook.
    """

    plugins: Plugins
    fresh: Plugins
    guard: Guard
    tell: Tell
    digests: dict[tuple[str, str], str] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    _known: set[tuple[str, str]] = field(default_factory=set)

    def once(self, cases: Iterable[Case]) -> None:
        """Make each call once, in reverse order. The parent compares the results with those of another process."""
        for case in reversed(list(cases)):
            self.tell(At(case.hook, case.on))
            self._note(case, self._outcome(case, case.call, self.plugins))

    def all(self, cases: Iterable[Case]) -> None:
        """Make each call several times: twice alike, then on a second copy of the page, then with the second instance."""
        for case in cases:
            self.tell(At(case.hook, case.on))
            before = state(case.inputs)
            first = self._outcome(case, case.call, self.plugins)
            self._note(case, first)
            self._same(case, first, self._outcome(case, case.call, self.plugins), "a second call on the same input gives another result")
            if case.twin is not None:
                self._timed(case, case.twin, first)
            self._same(case, first, self._outcome(case, case.call, self.fresh), "a fresh instance gives another result")
            if state(case.inputs) != before:
                self.find(Check.MUTATES, case, "it changes what it is given")

    def unguarded(self, case: Case) -> None:
        """Make one call of a hook that may use the network."""
        self.tell(At(case.hook, case.on))
        before = state(case.inputs)
        try:
            case.call(self.plugins)
        except PluginError as error:
            self.find(Check.RAISES, case, error.detail)
        if state(case.inputs) != before:
            self.find(Check.MUTATES, case, "it changes what it is given")

    def find(self, check: Check, case: Case, message: str, hook: str = "") -> None:
        """Send a finding, unless one of this check in this hook was sent before."""
        hook = hook or case.hook
        if (check, hook) not in self._known:
            self._known.add((check, hook))
            self.tell(Finding(check, f"{one_line(message)} (on {case.on})", hook))

    def _timed(self, case: Case, twin: Call, first: str | None) -> None:
        started = time.perf_counter()
        result = self._outcome(case, twin, self.plugins)
        self.seconds.setdefault(case.hook, []).append(time.perf_counter() - started)
        self._same(case, first, result, "the same page, read anew, gives another result")

    def _note(self, case: Case, outcome: str | None) -> None:
        if outcome is not None:
            self.digests[case.hook, case.on] = outcome

    def _same(self, case: Case, first: str | None, second: str | None, message: str) -> None:
        if first is not None and second is not None and first != second:
            self.find(Check.PURE, case, message)

    def _outcome(self, case: Case, call: Call, plugins: Plugins) -> str | None:
        """Make a call and return the hash of its result. After a failure, send a finding and return None."""
        try:
            with self.guard.watching():
                result: object = call(plugins)
            failure = None
        except PageError as error:
            result, failure = f"PageError {error.code}", None
        except PluginError as error:
            result, failure = None, error
        except BaseException as error:  # noqa: BLE001  # any error of a plugin is a finding
            result, failure = None, PluginError("", case.hook, f"{type(error).__name__}: {error}")
            failure.__cause__ = error
        tried = self.guard.taken()
        for check, words in tried:
            self.find(check, case, words)
        if failure is not None and not tried:
            self.find(kind_of(failure), case, failure.detail, failure.hook)
        return None if failure is not None else hashlib.sha256(repr(result).encode("utf-8", "backslashreplace")).hexdigest()


def kind_of(error: PluginError) -> Check:
    """Return the check to which a plugin's error belongs: it raised, returned something wrong, or took too much memory."""
    if isinstance(error.__cause__, MemoryError):
        return Check.LIMITS
    gave = error.__cause__ is None or isinstance(error, UnfitRowError) or error.detail.startswith(UNCHECKABLE)
    return Check.RETURNS if gave else Check.RAISES


def one_line(message: str) -> str:
    """Return a message on one line, shortened if it is too long."""
    return " ".join(message.split())[:LONGEST_MESSAGE]


def state(inputs: tuple[object, ...]) -> str:
    """Return a hash of everything that the inputs hold, including the tree of a document."""
    digest = hashlib.sha256()
    for each in inputs:
        digest.update(repr(each).encode("utf-8", "backslashreplace") + b"\0")
        if isinstance(each, Document) and each.tree is not None:
            digest.update((each.tree.html or "").encode("utf-8", "backslashreplace"))
    return digest.hexdigest()

"""Errors of copydesk.

    CopydeskError
    ├── SettingsError         the settings or the command line say something impossible
    ├── PluginError           a plugin could not be loaded, or raised, or returned what its hook does not allow
    ├── PageError             one page cannot become an article (carries code, stage and status of its reject)
    ├── DatasetError          the output folder is not, or no longer, what a dataset should be
    │   └── LockedError       another run holds it (exit code 75)
    └── AccountingError       a run's outcomes do not add up to its inputs: a defect of copydesk itself

Each message says what to do, and lists what exists where a name was not found.
"""

from __future__ import annotations

from copydesk.model.status import Status


class CopydeskError(Exception):
    """The root of all errors that copydesk raises on purpose."""


class SettingsError(CopydeskError):
    """The settings or the command line say something impossible."""


class PluginError(CopydeskError):
    """A plugin could not be loaded, raised, or returned what its hook does not allow."""

    def __init__(self, plugin: str, hook: str, message: str) -> None:
        super().__init__(f"plugin {plugin!r}, hook {hook}: {message}" if hook else f"plugin {plugin!r}: {message}")
        self.plugin = plugin
        self.hook = hook
        self.detail = message

    def __reduce__(self) -> tuple[type[PluginError], tuple[str, str, str]]:
        return type(self), (self.plugin, self.hook, self.detail)


class PageError(CopydeskError):
    """One page cannot become an article; ``status`` is rejected (no article there) or quarantined (something stopped us)."""

    def __init__(self, stage: str, code: str, message: str, status: Status = Status.REJECTED) -> None:
        super().__init__(message)
        self.stage = stage
        self.code = code
        self.message = message
        self.status = status

    def __reduce__(self) -> tuple[type[PageError], tuple[str, str, str, Status]]:
        return type(self), (self.stage, self.code, self.message, self.status)


class DatasetError(CopydeskError):
    """The output folder is not, or no longer, what a dataset should be."""


class LockedError(DatasetError):
    """Another run holds the output folder."""


class AccountingError(CopydeskError):
    """A run's outcomes do not add up to its inputs."""


GATE = "gate"


def refusal(limit: str, message: str) -> PageError:
    """The error for a page beyond one of the limits."""
    return PageError(GATE, f"limit_{limit}", message, Status.QUARANTINED)

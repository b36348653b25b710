"""The errors of copydesk.

    CopydeskError
    ├── SettingsError         the settings or the command line are wrong
    ├── PluginError           a plugin could not be loaded, or raised, or returned what its hook does not allow
    ├── PageError             one page cannot become an article (has code, stage and status of its reject)
    ├── DatasetError          the output folder is not a valid dataset
    │   └── LockedError       another run uses it (exit code 75)
    └── AccountingError       a run's outcomes do not add up to its inputs: a defect of copydesk itself

Each message says what to do. When a name was not found, the message lists the names that exist.
"""

from __future__ import annotations

from copydesk.model.status import Status


class CopydeskError(Exception):
    """The root of all errors that copydesk raises on purpose."""


class SettingsError(CopydeskError):
    """The settings or the command line are wrong."""


class PluginError(CopydeskError):
    """A plugin could not be loaded, raised, or returned what its hook does not allow.

    Attributes:
        plugin: the name of the plugin.
        hook: the hook that was called; empty when the plugin could not be loaded or set up.
        detail: what went wrong, without the names of plugin and hook.
    """

    def __init__(self, plugin: str, hook: str, message: str) -> None:
        super().__init__(f"plugin {plugin!r}, hook {hook}: {message}" if hook else f"plugin {plugin!r}: {message}")
        self.plugin = plugin
        self.hook = hook
        self.detail = message

    def __reduce__(self) -> tuple[type[PluginError], tuple[str, str, str]]:
        return type(self), (self.plugin, self.hook, self.detail)


class PageError(CopydeskError):
    """One page cannot become an article.

    Attributes:
        stage: the stage that stopped the page.
        code: why, for programs.
        message: why, for people.
        status: rejected when the page is no article, quarantined when something kept the pipeline from finding out.
    """

    def __init__(self, stage: str, code: str, message: str, status: Status = Status.REJECTED) -> None:
        super().__init__(message)
        self.stage = stage
        self.code = code
        self.message = message
        self.status = status

    def __reduce__(self) -> tuple[type[PageError], tuple[str, str, str, Status]]:
        return type(self), (self.stage, self.code, self.message, self.status)


class DatasetError(CopydeskError):
    """The output folder is not a valid dataset."""


class LockedError(DatasetError):
    """Another run uses the output folder."""


class AccountingError(CopydeskError):
    """A run's outcomes do not add up to its inputs."""


GATE = "gate"
"""The stage that rejects of pages beyond a limit name."""


def refusal(limit: str, message: str) -> PageError:
    """Make the error for a page beyond one of the limits.

    Args:
        limit: the name of the limit in the settings' ``[limits]``.
        message: what was found, and the limit.
    """
    return PageError(GATE, f"limit_{limit}", message, Status.QUARANTINED)

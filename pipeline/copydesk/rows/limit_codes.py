"""Codes and messages of rejects for pages and sources that exceeded a limit of time or memory."""

from __future__ import annotations

from copydesk.settings.schema import LimitSettings

OVERDUE, CPU, MEMORY = "limit_seconds", "limit_cpu_seconds", "limit_memory_bytes"
"""The reject codes for the three limits: seconds by the clock, seconds of CPU time, bytes of memory."""


def limit_message(code: str, limits: LimitSettings, times: int = 1) -> str:
    """Return the message of a reject with one of these codes.

    The message is the same whether the watch, the operating system or the page's own code detected the excess.

    Args:
        code: `OVERDUE`, `CPU` or `MEMORY`.
        limits: the limits of the run.
        times: how many times ``limits.memory_bytes`` the process may hold.
    """
    if code == OVERDUE:
        return f"not done after {limits.page_seconds:g} seconds"
    if code == CPU:
        return f"not done after {limits.cpu_seconds:g} seconds of CPU time"
    return f"needs more than {times * limits.memory_bytes} bytes of memory"

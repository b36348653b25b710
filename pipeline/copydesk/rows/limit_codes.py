"""Codes and messages for pages that went over a limit of time or memory."""

from __future__ import annotations

from copydesk.settings.schema import LimitSettings

OVERDUE, CPU, MEMORY = "limit_seconds", "limit_cpu_seconds", "limit_memory_bytes"
"""The codes of what is beyond a limit, whoever found it."""


def limit_message(code: str, limits: LimitSettings, times: int = 1) -> str:
    """What a reject of that code says: the same whether the watch, the system or the page's own code met the limit. A process may have
    ``times`` the memory."""
    if code == OVERDUE:
        return f"not done after {limits.page_seconds:g} seconds"
    if code == CPU:
        return f"not done after {limits.cpu_seconds:g} seconds of CPU time"
    return f"needs more than {times * limits.memory_bytes} bytes of memory"

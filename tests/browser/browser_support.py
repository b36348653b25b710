"""What the tests in a browser share."""

from __future__ import annotations

from typing import Any

HOSTILE = (
    "<script>window.harmed=1;alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
    "</style><script>alert(1)</script>", "{{ 7*7 }}{% raw %}", "<iframe src=\"file:///etc/passwd\"></iframe>",
    "<base href=\"https://evil.example/\">", "\u202edrawkcab\u2066", "\x1b]0;owned\x07\x1b[2J",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example\">", "<link rel=stylesheet href=//evil.example/a>",
)


def violations(page: Any, axe: str) -> list[str]:
    """What axe-core finds wrong with a page: rule, and the first place."""
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    return [f"{each['id']} ({len(each['nodes'])}): {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary'][:300]}"
            for each in found["violations"]]

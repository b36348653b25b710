"""What holds of every page that is made for a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

HOSTILE = (
    "<script>window.harmed=1;alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
    "</style><script>alert(1)</script>", "{{ 7*7 }}{% raw %}", "<iframe src=\"file:///etc/passwd\"></iframe>",
    "<base href=\"https://evil.example/\">", "\u202edrawkcab\u2066", "\x1b]0;owned\x07\x1b[2J",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example\">", "<link rel=stylesheet href=//evil.example/a>",
)

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def check_inert(page: str) -> None:
    """Our style and script, which the policy names, and nothing that runs, loads or hides."""
    tree = LexborHTMLParser(page)
    assert len(tree.css("script")) == 1
    assert len(tree.css("style")) == 1
    assert not tree.css("iframe, img, object, embed, link, base, form, svg image")
    policy = (tree.css_first("meta[http-equiv]").attributes["content"] or "")
    assert policy.startswith("default-src 'none'")
    for inside in ("script", "style"):
        digest = hashlib.sha256(tree.css_first(inside).text().encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in {"style", "src", "srcset", "srcdoc", "action"}
            assert name != "href" or (value or "").startswith("#")
    assert not UNSEEN.search(page.replace("\r", ""))


def violations(page: Any, axe: str) -> list[str]:
    """What axe-core finds wrong with a page: rule, and the first place."""
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    return [f"{each['id']} ({len(each['nodes'])}): {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary'][:300]}"
            for each in found["violations"]]

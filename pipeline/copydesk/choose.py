"""The core's default choice of metadata, and an article's identity."""

from __future__ import annotations

import hashlib

from copydesk.hookspecs import hookimpl
from copydesk.model import Document, Page
from copydesk.values import Claim, Metadata


@hookimpl(trylast=True)
def choose_metadata(document: Document, claims: tuple[Claim, ...]) -> Metadata:
    return Metadata()


def identity(page: Page, metadata: Metadata, claims: tuple[Claim, ...], body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "backslashreplace")).hexdigest()[:32]

"""The texts that `copydesk.testing.strategies` draws from, written for it."""

from __future__ import annotations

HEADLINE = "A village counts its bridges"
SENTENCES = (
    "The council of Varde has closed the bridge over the sound until the end of the month, and nobody knows why.",
    "“We have looked under every stone,” said the mayor, Una Brand, who has held the office since the last flood.",
    "In the harbour the fishermen wait for the ice to go, as they do every spring, with their nets on the wall.",
    "The rain fell. The river rose by eleven centimetres in one night, which the old gauge could no longer show.",
)
SCRAPS = (
    "Subscribe now for $1 a week", "You have read 3 of 5 free articles this month.", "Read more: A lighthouse changes hands", "___",
    "* * *", "By Hanne Moe", "Feb. 3, 2026", "10 p.m.", "Photo: Bo Lund/AP", "© 2026 Example Press. All rights reserved.", "Comments",
    "Advertisement", "Donate today to support our journalism.", "VARDE (AP) — The bridge is shut.", "Share this article on Facebook",
    "Sign up for our newsletter", "Associated Press writer Ida Moen contributed to this report.", HEADLINE,
    "More stories like this", "مرحبا", "橋が閉じた。",
)
NAMES = ("", "article-body", "related", "newsletter-box", "caption", "byline", "social-share", "ad", "pull-quote", "dek")

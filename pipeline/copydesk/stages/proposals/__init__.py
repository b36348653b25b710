"""What plugins propose, made safe and folded: signing, claims without control characters, verdicts from labels, the core's own plugin.

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.metadata`, `copydesk.hookspecs`, `copydesk.plugins`.
"""

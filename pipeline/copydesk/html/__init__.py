"""The one bounded parse of an HTML page: mark-up, elements, text blocks, and the facts that a page states about itself.

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.settings`.
"""

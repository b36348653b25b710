"""Fields of records as pages: names, contents, media types, lists in text.

May import: `copydesk`, `copydesk_plugins.shared.facts`.
"""

"""Running text: sentences, languages, written dates, names of people, parts of bylines.

May import: `copydesk`, `copydesk_plugins.shared.facts`.
"""

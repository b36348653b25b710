"""Phrase rules: patterns, the words that each needs, and rule files of users.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.structured`.
"""

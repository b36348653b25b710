"""Bylines on the page: elements that hold them, and lines of names.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.lines`.
"""

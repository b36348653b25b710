"""Plugins: find them, hash them, order and call them, and check what they hand over.

May import: `copydesk.model`, `copydesk.errors`, `copydesk.settings`, `copydesk.hookspecs`.
"""

"""What a page states in JSON-LD, and makers of claims.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`.
"""

"""Extract plugins: HTML and plain text to documents.

May import: `copydesk`, `copydesk_plugins.shared.prose`.
"""

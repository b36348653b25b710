"""Credits of news agencies, and their standing features.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`.
"""

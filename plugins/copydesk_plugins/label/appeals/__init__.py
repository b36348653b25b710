"""Letters that ask for money: how they address the reader, and where they begin and end.

May import: `copydesk`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.phrases`.
"""

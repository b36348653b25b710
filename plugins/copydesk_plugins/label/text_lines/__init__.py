"""Lines of plain-text pages: the model that weighs them, and lists of pointers.

May import: `copydesk`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.phrases`.
"""

"""The lines of a page as parts of a layout: marks, headlines, the main heading, the best run of blocks, what labels say.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.phrases`.
"""

"""The model that weighs the facts of each block, and the second opinion that it may ask for.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.lines`.
"""

"""The settings: their schema, copydesk.toml, and the files that plugins' settings name.

May import: `copydesk.errors`, `copydesk.storage`.
"""

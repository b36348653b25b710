"""Read a dataset exactly, by its commits.

May import: `copydesk.errors`, `copydesk.storage`, `copydesk.dataset.format`.
"""

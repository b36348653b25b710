"""Golden cases: a page each, and the facts that the pipeline must find on it.

May import: `copydesk.model`, `copydesk.pipeline`, `copydesk.rows`.
"""

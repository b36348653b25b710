"""Look after a dataset: check, compact, erase, and tell what changed.

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.storage`, `copydesk.report`, `copydesk.metadata`,
`copydesk.dataset.format`, `copydesk.dataset.ledger`, `copydesk.dataset.store`, `copydesk.dataset.reading`.
"""

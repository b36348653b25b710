"""Where a dataset is written: locks, batches, publishing, recovery, the dataset card; a local folder or an object store.

May import: `copydesk.text`, `copydesk.errors`, `copydesk.storage`, `copydesk.dataset.format`, `copydesk.dataset.ledger`.
"""

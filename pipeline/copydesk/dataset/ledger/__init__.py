"""What a dataset knows about records and articles: an SQLite index, entries of batches, states of files.

May import: `copydesk.model`, `copydesk.errors`, `copydesk.dataset.format`.
"""

"""From an article to rows of tables: plain values, Arrow batches, and the rows of plugins' own tables.

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.settings`, `copydesk.plugins`, `copydesk.pipeline`,
`copydesk.dataset.format`.
"""

"""A run: plan shards, process them, commit them in order.

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.storage`, `copydesk.report`, `copydesk.settings`,
`copydesk.metadata`, `copydesk.plugins`, `copydesk.stages`, `copydesk.pipeline`, `copydesk.sources`, `copydesk.dataset.format`,
`copydesk.dataset.ledger`, `copydesk.dataset.store`, `copydesk.rows`, `copydesk.engine.workers`.
"""

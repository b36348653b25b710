"""Hold a plugin against the contract, in a process of its own.

May import: `copydesk.model`, `copydesk.errors`, `copydesk.report`, `copydesk.settings`, `copydesk.hookspecs`, `copydesk.plugins`,
`copydesk.stages`, `copydesk.pipeline`, `copydesk.rows`, `copydesk.engine.workers`, `copydesk.testing.fixtures`.
"""

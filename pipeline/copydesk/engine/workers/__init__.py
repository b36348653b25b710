"""Child processes with limits of time and memory: page processes and reader processes.

May import: `copydesk.model`, `copydesk.errors`, `copydesk.storage`, `copydesk.settings`, `copydesk.plugins`, `copydesk.stages`,
`copydesk.pipeline`, `copydesk.rows`.
"""

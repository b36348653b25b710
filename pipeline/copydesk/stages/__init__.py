"""The stages of one page, a file each, and the one place that calls them in order (trace).

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.settings`, `copydesk.metadata`, `copydesk.plugins`,
`copydesk.stages.proposals`.
"""

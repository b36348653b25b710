"""Source plugins: files, JSON lines, Parquet and web archives.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.sources.records`, `copydesk_plugins.sources.jsonl`,
`copydesk_plugins.sources.parquet`, `copydesk_plugins.sources.warc`.
"""

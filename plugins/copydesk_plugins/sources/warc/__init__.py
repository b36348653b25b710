"""Web archives: records, compressed members, HTTP payloads, damage.

May import: `copydesk`, `copydesk_plugins.sources.records`.
"""

"""Dates on the page: dated lines, and the search for a day.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.structured`,
`copydesk_plugins.shared.lines`.
"""

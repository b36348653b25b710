"""The quote plugin: reads an article's quotations and assembles the rows.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.quotes.speakers`, `copydesk_plugins.quotes.grammar`,
`copydesk_plugins.quotes.marks`.
"""

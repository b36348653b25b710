"""Who speaks: names, links from a quotation to its speaker, turns, layouts.

May import: `copydesk`, `copydesk_plugins.quotes.marks`, `copydesk_plugins.quotes.grammar`.
"""

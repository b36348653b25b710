"""English grammar around quotations: tokens, noun phrases, verbs, cues, reported clauses.

May import: `copydesk`, `copydesk_plugins.quotes.marks`.
"""

"""Find the paragraphs that recur on a site, and write them as rules.

May import: `copydesk.text`, `copydesk.errors`, `copydesk.storage`, `copydesk.dataset.reading`.
"""

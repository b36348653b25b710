"""From claims to metadata: dates, the choice of one value for each field, and the id of an article.

May import: `copydesk.text`, `copydesk.model`.
"""

"""What a dataset consists of: folders, commit records, schemas and part files.

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.storage`.
"""

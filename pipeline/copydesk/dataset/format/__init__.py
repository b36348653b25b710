"""What a dataset consists of: folders, commit records, schemas and part files.

May import: `copydesk.text`, `copydesk.errors`, `copydesk.storage`.
"""

"""What a run was given: inputs on disk and in object stores, walked in order, and index files beside them.

May import: `copydesk.text`, `copydesk.model`, `copydesk.errors`, `copydesk.storage`, `copydesk.settings`, `copydesk.metadata`.
"""

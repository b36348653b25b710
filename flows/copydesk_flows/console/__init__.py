"""The terminal: progress, safe text, exit codes.

May import: `copydesk`, `copydesk.operations`.
"""

"""Load the data files; news agencies.

May import: `copydesk`.
"""

"""Quotation marks and dashes: the stretches of text that they set apart.

May import: `copydesk`.
"""

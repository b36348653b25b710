"""Parquet: columns, files, and page headers checked before they are read.

May import: `copydesk`, `copydesk_plugins.sources.records`.
"""

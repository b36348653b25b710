"""A dataset on disk or in an object store.

It holds rooms only.
"""

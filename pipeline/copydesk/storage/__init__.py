"""Local files and object stores: locations, durable writing, reading, listing, and which errors are tried again.

May import: `copydesk.text`, `copydesk.errors`.
"""

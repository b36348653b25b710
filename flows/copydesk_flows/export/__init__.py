"""A dataset as JSON lines, CSV and ninjs.

May import: `copydesk`, `copydesk_flows.console`.
"""

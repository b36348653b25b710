"""The report of a dataset: figures with their queries, plots, one page.

May import: `copydesk`, `copydesk.operations`, `copydesk_flows.web`.
"""

"""Tools for plugin authors: list plugins, write a new one, check one.

May import: `copydesk`, `copydesk.operations`, `copydesk.hooks`, `copydesk.testing`, `copydesk_flows.settings`,
`copydesk_flows.run_summary`, `copydesk_flows.console`.
"""

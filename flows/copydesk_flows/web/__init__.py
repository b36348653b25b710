"""One page for the browser, made of templates.

May import: `copydesk`, `copydesk.operations`, `copydesk_flows.console`.
"""

"""One page through all stages, as text or as a page for the browser.

May import: `copydesk`, `copydesk.operations`, `copydesk_flows.web`, `copydesk_flows.console`.
"""

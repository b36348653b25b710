"""What a run did, for people and for programs: the summary, the last run, outdated rows.

May import: `copydesk`, `copydesk.operations`, `copydesk_flows.console`.
"""

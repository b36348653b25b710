"""The steps of a flow: tasks for shards, Dask, artifacts, lost runs, portions.

May import: `copydesk`, `copydesk.operations`, `copydesk_flows.run_summary`, `copydesk_flows.console`.
"""

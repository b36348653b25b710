"""Runs on a schedule: a Prefect server, deployments, serve and deploy.

May import: `copydesk`, `copydesk_flows.process`, `copydesk_flows.upkeep_flows`, `copydesk_flows.flow_steps`, `copydesk_flows.settings`,
`copydesk_flows.console`.
"""

"""The commands, a file a group.

May import: `copydesk`, `copydesk.operations`, `copydesk_flows.inspection`, `copydesk_flows.dataset_report`,
`copydesk_flows.plugin_tools`, `copydesk_flows.serving`, `copydesk_flows.process`, `copydesk_flows.upkeep_flows`,
`copydesk_flows.flow_steps`, `copydesk_flows.run_summary`, `copydesk_flows.export`, `copydesk_flows.web`, `copydesk_flows.settings`,
`copydesk_flows.console`.
"""

"""Flows, deployments and the command line: the only place that imports prefect, and only where a command needs it."""

"""Flows, deployments and the command line: the only place that imports prefect."""

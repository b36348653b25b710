"""The command line, and the Prefect flows: the one package that imports Prefect."""

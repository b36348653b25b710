"""Helpers of the tests: one package, imported as ``support.<module>`` everywhere."""

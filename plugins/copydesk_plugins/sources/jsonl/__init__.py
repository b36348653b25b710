"""JSON lines: streams, lines, and files that are one JSON document.

Imports nothing of ours.
"""

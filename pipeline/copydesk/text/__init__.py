"""Strings, URLs and character sets: pure functions on text.

Imports nothing of ours.
"""

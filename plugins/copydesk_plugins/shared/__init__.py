"""What several plugins share, from the ground up: facts, prose, structured, phrases, lines.

It holds rooms only.
"""

"""The plugins that copydesk ships with. They import the door `copydesk`, and no plugin imports another one: the list of plugins is the
entry points in pyproject.toml.

It holds rooms only.
"""

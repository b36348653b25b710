"""Rules for sites, read from files of users.

May import: `copydesk`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.structured`, `copydesk_plugins.shared.phrases`.
"""

"""Describe plugins: claims to metadata, and the type of a page.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.structured`,
`copydesk_plugins.shared.lines`, `copydesk_plugins.describe.bylines`, `copydesk_plugins.describe.dates`, `copydesk_plugins.describe.wire`.
"""

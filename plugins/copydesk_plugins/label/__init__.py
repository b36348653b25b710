"""Label plugins: what each block is, and which blocks are the article.

May import: `copydesk`, `copydesk_plugins.shared.facts`, `copydesk_plugins.shared.prose`, `copydesk_plugins.shared.phrases`,
`copydesk_plugins.shared.lines`, `copydesk_plugins.label.appeals`, `copydesk_plugins.label.block_model`,
`copydesk_plugins.label.rule_files`, `copydesk_plugins.label.text_lines`.
"""

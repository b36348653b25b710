"""What travels through the pipeline: pages, documents, labels, metadata, articles and outcomes, all frozen.

May import: `copydesk.text`.
"""

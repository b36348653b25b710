"""What a command line or a flow adds to the settings: overrides, inboxes, schedules.

May import: `copydesk`, `copydesk.operations`.
"""

"""Every screen as a picture. `pytest tests/tui/pictures --snapshot-update` draws anew those that changed: look at them.

They are the same wherever they are drawn: the time stands still, and what differs from run to run (the stub's port,
numbers of requests) is replaced before the comparison.
"""

"""Watching the resources of any service at a bounded cost."""

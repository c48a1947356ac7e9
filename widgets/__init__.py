"""Reusable Textual widgets. They know no service, and import neither connectors nor tui."""

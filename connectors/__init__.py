"""Connectors to services: everything that sluice does, without a terminal."""

__version__ = "0.1.0"
"""Of sluice as a whole: the distribution takes its own from here."""

"""Connectors to services: everything that sluice does, without a terminal."""

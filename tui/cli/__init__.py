"""The command `sluice` and its commands that belong to no service."""

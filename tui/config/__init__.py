"""The configuration file, and the preferences that sluice keeps by itself."""

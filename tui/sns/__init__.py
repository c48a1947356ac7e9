"""Topics, for people."""

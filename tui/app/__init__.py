"""The application: what it is made of, and where the parts meet."""

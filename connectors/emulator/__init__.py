"""The embedded emulator behind `sluice demo`: a server process of its own on loopback, seeded with a story.

`process.Emulator` is what the application uses; it is cheap to import. Everything else runs in the child process.
"""

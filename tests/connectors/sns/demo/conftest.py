from tests.support.emulators import kind, own_files

__all__ = ["kind", "own_files"]

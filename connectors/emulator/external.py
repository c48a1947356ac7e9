"""An emulator that somebody else runs: nothing is started, only looked for."""

import socket
from urllib.parse import urlsplit

from connectors.emulator.errors import EmulatorError

CONNECT_TIMEOUT = 5.0


class External:
    """The emulator at `url`; it is opened by finding that something accepts connections there."""

    def __init__(self, url: str) -> None:
        self._url = url

    def open(self) -> str:
        parts = urlsplit(self._url)
        address = (parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        try:
            socket.create_connection(address, timeout=CONNECT_TIMEOUT).close()
        except OSError as error:
            raise EmulatorError(
                f"Nothing answers at {self._url}: {error.strerror or error}",
                "Start the emulator first, or leave --emulator out to use the embedded one",
            ) from error
        return self._url

    def serve(self) -> None:
        """It serves already, or not; the seeding will tell."""

    def stop(self) -> None:
        """It is not ours to stop."""

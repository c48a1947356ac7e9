"""What can go wrong with the emulator, in the words that a person reads."""

from connectors.errors import ConnectorError, Step


class EmulatorError(ConnectorError):
    """The emulator could not be started, ended by itself, or could not be seeded.

    `detail` holds the last lines of the server's error output, or nothing: text of another program.
    """

    def __init__(self, title: str, hint: str = "", detail: str = "", *, step: Step = Step.EMULATOR) -> None:
        super().__init__(step, title, hint)
        self.detail = detail

    def details(self) -> list[tuple[str, str]]:
        return [*super().details(), *([("its last words", self.detail)] if self.detail else [])]

"""What can go wrong with the emulator, in the words that a person reads."""


class EmulatorError(Exception):
    """The emulator could not be started, ended by itself, or could not be seeded.

    `title` says what failed and `hint` what to try, one line each. `detail` holds the last lines of the server's error
    output, or nothing; it is text of another program, so a screen must take it through `printable()`.
    """

    def __init__(self, title: str, hint: str = "", detail: str = "") -> None:
        super().__init__(title, hint, detail)
        self.title = title
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.title}. {self.hint}" if self.hint else self.title

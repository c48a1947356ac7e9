"""The one error family that connectors raise.

The message of a `ConnectorError` is one line that names the step that failed and what to try next. Foreign texts in
it are as the service sent them, without what may be a secret: a screen passes them through `printable()`.

The command line needs these before anything else, so this module imports nothing that takes time.
"""

from enum import StrEnum

from connectors.redaction import without_secrets


class Step(StrEnum):
    """The step of a call at which it failed."""

    SETTINGS = "settings"
    DNS = "DNS"
    TCP = "TCP"
    TLS = "TLS"
    CREDENTIALS = "credentials"
    PERMISSION = "permission"
    THROTTLE = "throttle"
    TIMEOUT = "timeout"
    NOT_FOUND = "not found"
    REJECTED = "rejected"
    UNSUPPORTED = "not supported by this endpoint"
    ANSWER = "answer"
    SERVICE = "service"
    GUARD = "sluice's own guard"
    EMULATOR = "emulator"


class ConnectorError(Exception):
    """What went wrong, at which step, and what to try.

    `code` is the service's own error code, `request_id` the id to quote to its support, `operation` the API
    operation that failed, `retry_after` seconds to wait where that is known.
    """

    def __init__(
        self,
        step: Step,
        title: str,
        hint: str = "",
        *,
        operation: str = "",
        code: str = "",
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        title, hint = without_secrets(title), without_secrets(hint)
        super().__init__(title)
        self.step = step
        self.title = title
        self.hint = hint
        self.operation = operation
        self.code = without_secrets(code)
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        """One line: `GetCallerIdentity failed at TLS: certificate has expired. Try: check the clock`."""
        where = f"{self.operation} failed at {self.step}" if self.operation else str(self.step)
        line = f"{where}: {self.title}".rstrip()
        if self.hint:
            line = line.removesuffix(".")
            line += f". Try: {self.hint}"
        return " ".join(line.split())

    def details(self) -> list[tuple[str, str]]:
        """Label and value of everything known, in reading order, for a panel."""
        rows = [
            ("step", str(self.step)),
            ("operation", self.operation),
            ("error", self.title),
            ("try", self.hint),
            ("code", self.code),
            ("request id", self.request_id),
            ("wait", f"{self.retry_after:.0f} s" if self.retry_after is not None else ""),
        ]
        return [(label, value) for label, value in rows if value]


class OutcomeUnknown(ConnectorError):
    """A change was sent and no usable answer came: it may or may not have happened. Never retried by itself."""


class Refused(ConnectorError):
    """sluice itself refused, before anything was sent."""

    def __init__(self, title: str, hint: str = "", *, operation: str = "", retry_after: float | None = None) -> None:
        super().__init__(Step.GUARD, title, hint, operation=operation, retry_after=retry_after)


class PlainHttp(Refused):
    """Real credentials would cross a network unencrypted; a person may agree to that."""

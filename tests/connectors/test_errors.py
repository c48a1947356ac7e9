from hypothesis import given

from connectors.errors import ConnectorError, Refused, Step
from tests.support.texts import ANY_TEXT


@given(title=ANY_TEXT, hint=ANY_TEXT, operation=ANY_TEXT, code=ANY_TEXT)
def test_whatever_a_service_says_the_error_is_one_line(title: str, hint: str, operation: str, code: str) -> None:
    error = ConnectorError(Step.REJECTED, title, hint, operation=operation, code=code)
    assert len(str(error).splitlines()) <= 1
    assert "rejected" in str(error)


def test_the_line_names_operation_step_reason_and_what_to_try() -> None:
    error = ConnectorError(Step.TLS, "certificate has expired", "check the clock", operation="ListQueues")
    assert str(error) == "ListQueues failed at TLS: certificate has expired. Try: check the clock"
    assert str(ConnectorError(Step.SETTINGS, "no region is set")) == "settings: no region is set"
    assert str(ConnectorError(Step.SERVICE, "It ended.", "again")) == "service: It ended. Try: again"


def test_the_details_hold_what_is_known_and_nothing_else() -> None:
    error = ConnectorError(Step.THROTTLE, "slow down", code="RequestThrottled", request_id="req-1", retry_after=3)
    assert error.details() == [
        ("step", "throttle"),
        ("error", "slow down"),
        ("code", "RequestThrottled"),
        ("request id", "req-1"),
        ("wait", "3 s"),
    ]


def test_what_sluice_itself_refuses_failed_at_its_own_guard() -> None:
    assert Refused("this context is read-only").step is Step.GUARD

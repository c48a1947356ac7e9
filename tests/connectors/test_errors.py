import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Step, UnusableAnswer, translate

ANY_TEXT = st.text() | st.text(alphabet="\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\x1b[]{}%<>/ a.")


@given(title=ANY_TEXT, hint=ANY_TEXT, operation=ANY_TEXT, code=ANY_TEXT)
def test_whatever_a_service_says_the_error_is_one_line(title: str, hint: str, operation: str, code: str) -> None:
    error = ConnectorError(Step.REJECTED, title, hint, operation=operation, code=code)
    assert len(str(error).splitlines()) <= 1
    assert "rejected" in str(error)


@given(message=ANY_TEXT, code=ANY_TEXT, status=st.integers(0, 599), change=st.booleans())
def test_whatever_error_answer_comes_it_is_translated_into_one_line(
    message: str, code: str, status: int, change: bool
) -> None:
    import botocore.exceptions

    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    error = translate(botocore.exceptions.ClientError(answer, "SendMessage"), operation="SendMessage", change=change)
    assert isinstance(error, ConnectorError)
    assert len(str(error).splitlines()) == 1
    assert str(error).startswith("SendMessage failed at ")


@given(text=ANY_TEXT, change=st.booleans())
def test_any_other_failure_is_translated_too(text: str, change: bool) -> None:
    for failure in (OSError(text), ValueError(text), UnusableAnswer(text, text), RuntimeError(text)):
        assert len(str(translate(failure, operation="ListQueues", change=change)).splitlines()) == 1


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


def test_an_error_of_ours_is_passed_on_as_it_is() -> None:
    refused = Refused("this context is read-only")
    assert translate(refused, change=True) is refused
    assert refused.step is Step.GUARD


@pytest.mark.parametrize("change", [True, False])
def test_only_a_change_can_have_an_unknown_outcome(change: bool) -> None:
    error = translate(TimeoutError(), operation="SendMessage", change=change)
    assert isinstance(error, OutcomeUnknown) is change
    assert error.step is Step.TIMEOUT

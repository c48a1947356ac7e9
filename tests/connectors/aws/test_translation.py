import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.aws.responses import UnusableAnswer
from connectors.aws.translation import translate
from connectors.errors import ConnectorError, OutcomeUnknown, Refused, Step
from tests.support.texts import ANY_TEXT


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


def test_an_error_of_ours_is_passed_on_as_it_is() -> None:
    refused = Refused("this context is read-only")
    assert translate(refused, change=True) is refused


@pytest.mark.parametrize("change", [True, False])
def test_only_a_change_can_have_an_unknown_outcome(change: bool) -> None:
    error = translate(TimeoutError(), operation="SendMessage", change=change)
    assert isinstance(error, OutcomeUnknown) is change
    assert error.step is Step.TIMEOUT


def test_a_rule_that_a_parameter_breaks_is_told_without_its_value() -> None:
    import botocore.exceptions
    from botocore.model import DenormalizedStructureBuilder
    from botocore.validate import ParamValidator

    members = {name: {"type": "string"} for name in ("Password", "UserName")} | {"Limit": {"type": "integer", "min": 1}}
    shape = DenormalizedStructureBuilder().with_members(members).build_model()
    secret = ["hunter2\nInvalid type for parameter hunter2, value: hunter2, type: <class 'hunter2"]
    report = ParamValidator().validate({"Password": secret, "Limit": 0, "Colour": "red"}, shape).generate_report()
    assert "hunter2" in report
    said = str(translate(botocore.exceptions.ParamValidationError(report=report), operation="InitiateAuth"))
    assert "hunter2" not in said
    assert "Invalid type for parameter Password, type: list, valid types: str" in said
    assert "Limit, valid min value: 1" in said
    assert '"Colour"' in said

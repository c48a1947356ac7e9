"""Pictures of the contexts, of the page that a failed start shows, and of the log."""

import os
from pathlib import Path

import pytest

from tests.support.stub import SqsStub
from tests.tui.person import Person
from tests.tui.pictures.conftest import LooksAsBefore
from tests.tui.pictures.scenes import both_sizes, sees_all_queues

PROFILES = """
[profile local]
region = us-east-1
endpoint_url = {url}
aws_access_key_id = test
aws_secret_access_key = test
[profile prod]
region = eu-west-1
role_arn = arn:aws:iam::444455556666:role/on-call
source_profile = local
[profile partner]
credential_process = partner-login --json
"""


@both_sizes
def test_contexts(looks_as_before: LooksAsBefore, shop: SqsStub, size: tuple[int, int]) -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(PROFILES.format(url=shop.url))

    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("c")
        await person.sees("now  local")

    assert looks_as_before(act, size=size, profile="local", endpoint_url=None)


def test_first_start_without_credentials(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await person.sees("no credentials were found", "The AWS files hold no profile")

    assert looks_as_before(act, endpoint_url=None, region="eu-west-1")


def test_a_profile_that_is_not_there(looks_as_before: LooksAsBefore) -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(PROFILES.format(url="http://localhost:4566"))

    async def act(person: Person) -> None:
        await person.sees("there is no profile 'prodd'", "partner")

    assert looks_as_before(act, endpoint_url=None, profile="prodd")


def test_question_before_credentials_are_sent_unencrypted(
    looks_as_before: LooksAsBefore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-key")

    async def act(person: Person) -> None:
        await person.is_asked("Send credentials unencrypted?")

    assert looks_as_before(act, endpoint_url="http://sqs.example.invalid:4566", region="eu-west-1")


@both_sizes
def test_log(looks_as_before: LooksAsBefore, stub: SqsStub, size: tuple[int, int]) -> None:
    stub.queue("orders", messages=["one"])

    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("enter", "P")
        await person.is_asked("Purge this queue?")
        await person.press(*"orders")
        await person.says("enter")
        await person.reads("title", "purge started")
        await person.press("L")
        await person.sees("Log", "PurgeQueue orders")
        await person.press("slash", *"purge")
        await person.no_longer_sees("GetQueueAttributes")

    assert looks_as_before(act, size=size)


@pytest.mark.usefixtures("shop")
def test_a_line_of_the_log(looks_as_before: LooksAsBefore) -> None:
    async def act(person: Person) -> None:
        await sees_all_queues(person)
        await person.press("L", "slash", *"failed", "enter", "enter")
        await person.is_shown("Call")

    assert looks_as_before(act)

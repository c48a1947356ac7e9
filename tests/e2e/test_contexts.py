"""Contexts in a real pseudo-terminal, with AWS files of every kind."""

import os
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal import SLUICE
from tests.support.stub import SqsStub


def profiles(text: str) -> None:
    """Writes the AWS config file of this test."""
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(text)


def test_a_profile_with_a_section_in_place_of_a_value_is_listed_and_says_what_to_mend(stub: SqsStub) -> None:
    stub.queue("orders")
    profiles("[profile broken]\nregion =\n    eu = west\n[profile fine]\nregion = eu-west-1\n")
    with Terminal([SLUICE, "--endpoint-url", stub.url], size=(120, 30)) as terminal:
        terminal.sees("orders")
        terminal.press("c")
        terminal.sees("region is a section", "fine")
        terminal.press("enter")
        terminal.sees("region of profile 'broken' is a section", "region = VALUE")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
        assert terminal.complaints() == []


def test_a_profile_of_the_list_opens_in_the_region_that_the_list_shows(
    stub: SqsStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.queue("orders")
    monkeypatch.setenv("AWS_REGION", "sa-east-1")
    keys = f"endpoint_url = {stub.url}\naws_access_key_id = test\naws_secret_access_key = test\n"
    profiles(f"[profile own]\nregion = eu-west-1\n{keys}[profile other]\n{keys}")
    with Terminal([SLUICE, "--profile", "own"], size=(120, 30)) as terminal:
        terminal.sees("orders", "own  sa-east-1")  # at the start the environment outranks the profile
        terminal.press("c")
        terminal.until(lambda _: terminal.row("now own") == "now own eu-west-1 keys")
        assert terminal.row("other") == "other sa-east-1 keys"
        terminal.press("enter")
        terminal.sees("orders", "own  eu-west-1")
        terminal.press("c")
        terminal.sees("Contexts")
        terminal.press("j", "enter")
        terminal.sees("orders", "other  sa-east-1")
        terminal.press("c")
        terminal.sees("Contexts")
        terminal.press("tab")  # the form, without a region
        terminal.insists("ctrl+u", on=lambda screen: "or empty for the environment" in screen)
        terminal.press("own")
        terminal.sees("profile   own")
        terminal.press("enter")
        terminal.sees("orders", "own  eu-west-1")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0

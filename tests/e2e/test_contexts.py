"""Contexts in a real pseudo-terminal, with AWS files of every kind."""

import os
from pathlib import Path

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

"""Contexts in a real pseudo-terminal, with AWS files of every kind."""

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal import SLUICE
from tests.support.stub import EVERY_OPERATION, SqsStub
from tests.support.waiting import until_now
from tests.support.wire import text

SECRET = "hunter2PlantedSecret"


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
        terminal.sees("region of profile 'broken' is a section", "write the value on the line of region")
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
        terminal.until(lambda _: terminal.row("now own"))
        terminal.press("j", "enter")
        terminal.sees("orders", "other  sa-east-1")
        terminal.press("c")
        terminal.until(lambda _: terminal.row("now other"))
        terminal.insists("tab", "ctrl+u", on=lambda screen: "or empty for the environment" in screen)
        terminal.press("own")
        terminal.sees("profile   own", "empty for the profile's own")  # no region in the form
        terminal.press("enter")
        terminal.sees("orders", "own  eu-west-1")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0


def test_the_password_of_a_proxy_stands_neither_in_the_panel_nor_in_the_log(
    stub: SqsStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.on(EVERY_OPERATION, text("", 407))
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{SECRET}@127.0.0.1:{stub.port}")
    keys = "aws_access_key_id = test\naws_secret_access_key = test\n"
    profiles(f"[profile behind]\nregion = eu-west-1\nendpoint_url = https://queues.invalid\n{keys}")
    with Terminal([SLUICE, "--profile", "behind"], size=(140, 30)) as terminal:
        terminal.sees("could not be listed", "wants a user name and a password")
        terminal.press("L")
        terminal.sees("Log of this run", "failed at TCP")
        terminal.press("enter")
        terminal.sees("scroll", "HTTP 407")
        terminal.press("ctrl+c", "ctrl+c")
        terminal.wait()
        assert SECRET.encode() not in terminal.raw


def with_helper(home: Path, script: str) -> None:
    """A profile `helped`, whose helper adds its process id to the file `runs` and goes on with `script`."""
    helper = home / "helper"
    helper.write_text(f"#!/bin/sh\necho $$ >> {home}/runs\n{script}\n")
    helper.chmod(0o700)
    profiles(f"[profile helped]\nregion = eu-west-1\ncredential_process = {helper} --of checkout\n")


def helpers(home: Path) -> list[int]:
    """The process ids of the helpers that were started."""
    file = home / "runs"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_there(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_helper_that_asks_on_the_terminal_is_named_and_takes_no_key(stub: SqsStub, isolated_machine: Path) -> None:
    with_helper(isolated_machine, "printf 'MFA code: ' > /dev/tty; read code < /dev/tty")
    stub.queue("orders")
    with Terminal([SLUICE, "--endpoint-url", stub.url], size=(240, 30)) as terminal:
        terminal.sees("orders")
        terminal.press("c")
        terminal.sees("helped")
        terminal.press("enter")
        screen = terminal.sees("asks for something", "run it once in a shell")
        assert f"{isolated_machine}/helper" in screen
        assert "--of checkout" not in screen
        assert b"MFA code" not in terminal.raw
        terminal.press("?")  # every key is the screen's
        terminal.sees("Help ─")
        terminal.press("q")
        terminal.no_longer_sees("Help ─")
        terminal.press("ctrl+q")
        assert terminal.wait(4) == 0
        assert terminal.complaints() == []


def test_esc_ends_a_helper_and_a_key_later_another_profile_can_be_picked(stub: SqsStub, isolated_machine: Path) -> None:
    with_helper(isolated_machine, "sleep 60 & sleep 60")
    with Terminal([SLUICE, "--profile", "helped"], size=(120, 30)) as terminal:
        terminal.sees("esc gives up connecting")
        until_now(lambda: helpers(isolated_machine))
        terminal.press("escape")
        terminal.sees("Contexts", "was stopped", "helped")
        until_now(lambda: not is_there(helpers(isolated_machine)[0]))
        terminal.press("enter")
        until_now(lambda: len(helpers(isolated_machine)) == 2)
        terminal.press("c")
        terminal.sees("Contexts", "connecting")
        terminal.press("escape")
        terminal.sees("Contexts", "was stopped")
        until_now(lambda: not is_there(helpers(isolated_machine)[1]))
        terminal.press("ctrl+q")
        assert terminal.wait(4) == 0


@pytest.mark.parametrize("way", ["ctrl+q", "SIGTERM", "the window is closed"])
def test_leaving_ends_a_helper(way: str, isolated_machine: Path) -> None:
    with_helper(isolated_machine, "sleep 60 & sleep 60")
    with Terminal([SLUICE, "--profile", "helped"]) as terminal:
        terminal.sees("connecting")
        until_now(lambda: helpers(isolated_machine))
        if way == "ctrl+q":
            terminal.press(way)
        elif way == "SIGTERM":
            terminal.signal(signal.SIGTERM)
        else:
            terminal.hang_up()
        terminal.wait()
        until_now(lambda: not is_there(helpers(isolated_machine)[0]))


def test_ctrl_c_ends_a_helper_that_a_command_waits_for(isolated_machine: Path) -> None:
    with_helper(isolated_machine, "sleep 60 & sleep 60")
    with Terminal([SLUICE, "get", "queues", "--profile", "helped"]) as terminal:
        until_now(lambda: helpers(isolated_machine))
        terminal.press("ctrl+c")
        terminal.wait()
        until_now(lambda: not is_there(helpers(isolated_machine)[0]))
        assert "Traceback" not in terminal.text

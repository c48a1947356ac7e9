"""`sluice demo` as a new user meets it: in a terminal of 80x24, the keys of the main job pressed, the screen read."""

import os
import re
import socket
import sys
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.support.waiting import until_now

SLUICE = Path(sys.executable).parent / "sluice"
# Textual takes an escape that another key follows at once for the start of a sequence: a person is slower.


def port_of(terminal: Terminal) -> int:
    """The port of the demo's emulator, as the bar names it."""
    found = re.search(r"http://127\.0\.0\.1:(\d+)", terminal.sees("http://127.0.0.1:"))
    assert found is not None
    return int(found.group(1))


def is_up(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def seeded(terminal: Terminal) -> None:
    terminal.until(lambda _: terminal.row("billing-refunds ") == "billing-refunds 1 · ▲ 2", 30, "the seeded queues")


def test_the_main_job_from_the_first_screen_to_a_clean_terminal() -> None:
    with Terminal([SLUICE, "demo"]) as terminal:
        # the queues, with counts
        seeded(terminal)
        terminal.sees("Queues 49", "demo  us-east-1", "123456789012")
        port = port_of(terminal)

        # the topics, and back
        terminal.press("2")
        terminal.sees("Topics 14", "order-events", "payments-topic.fifo")
        terminal.press("1")
        terminal.sees("Queues 49")

        # find the dead-letter queue
        terminal.press("/")
        terminal.sees("prefix:P")
        terminal.press("orders-dlq")
        terminal.sees("1 shown")
        assert terminal.row("orders-dlq").startswith("orders-dlq 40 ·")
        terminal.insists("enter", on=lambda screen: "Queue orders-dlq" in screen)

        # what a look costs, then a look, then a message
        terminal.sees("Queue orders-dlq", "A look (p) adds 1 receive to each message")
        terminal.press("p")
        terminal.sees("10 held for")
        terminal.press("j", "enter")
        terminal.sees("Message of orders-dlq", '"order_id": "ORD-', "JSON,", "pretty")
        terminal.press("escape")
        terminal.sees("Queue orders-dlq")

        # delete it
        terminal.press("d")
        terminal.sees("Delete messages?", "This can't be undone.")
        terminal.answers("Delete messages?", "y")
        terminal.sees("1 of 1 deletes confirmed", "9 held for")

        # send one
        terminal.press("s")
        terminal.sees("Send to orders-dlq")
        terminal.press('{"sent": "by a test"}')
        terminal.sees("21 of 1,048,576 bytes")
        terminal.press("ctrl+s")
        terminal.sees("Send this message?", "endpoint")
        terminal.answers("Send this message?", "y")
        terminal.sees("message id")
        terminal.press("enter")
        terminal.sees("Queue orders-dlq")

        # back to the list, and purge another queue
        terminal.press("escape")
        terminal.sees("Queues 49", "9 messages given back")
        terminal.press("escape")
        terminal.until(lambda _: "shown" not in terminal.text, what="the end of the filter")
        terminal.press(":")
        terminal.sees("esc leaves")
        terminal.press("queue:analytics-events", "enter")
        terminal.sees("Queue analytics-events", "150 visible")
        terminal.press("P")
        terminal.sees("Purge this queue?", "about 150 visible")
        terminal.answers("Purge this queue?", "ctrl+u", "analytics-events", "enter")
        terminal.sees("purge started", "0 visible")
        terminal.press("escape")
        terminal.sees("Queues 49")

        # switch to a profile of the AWS files
        Path(os.environ["AWS_CONFIG_FILE"]).write_text(
            f"[profile checkout]\nregion = eu-west-1\nendpoint_url = http://localhost:{port}\n"
        )
        terminal.press("c")
        terminal.sees("Contexts", "checkout")
        terminal.press("enter")
        terminal.sees("checkout  eu-west-1", f"http://localhost:{port}", "There are no queues in eu-west-1")

        # and leave
        terminal.press("q")
        assert terminal.wait() == 0
        assert terminal.complaints() == []
        until_now(lambda: not is_up(port), what="the end of the emulator")


def test_without_ministack_demo_check_runs_on_moto_says_so_and_opens_no_screen(tmp_path: Path) -> None:
    # ministack is looked for beside the environment that runs, and here nothing lies beside it
    environment = tmp_path / ".venv"
    environment.symlink_to(sys.prefix)
    command = [environment / "bin" / "python", SLUICE, "demo", "--check"]
    with Terminal(command, size=(120, 30), environment={"PATH": str(tmp_path), "MINISTACK": ""}) as terminal:
        terminal.sees("sluice: moto, not ministack: nothing is pending", "ok    start     moto at", seconds=30)
        terminal.sees("63 queues and topics created", "ok    purge", "all steps worked", seconds=30)
        assert terminal.wait() == 0
        assert b"\x1b[?1049h" not in terminal.raw

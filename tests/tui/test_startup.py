"""What the first paint of the application, and of each screen, does not wait for."""

import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

from textual.screen import Screen

import tui

FIRST_PAINT = """
import asyncio, json, pathlib, sys
from textual.events import Ready
from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from tui.app.app import SluiceApp

app = SluiceApp(ContextRequest(), audit=AuditLog(pathlib.Path("audit.jsonl")))

async def main():
    painted = asyncio.Future()

    def look(message):
        if isinstance(message, Ready):
            painted.set_result([[strip.text for strip in app.screen._compositor.render_strips()], [*sys.modules]])

    async with app.run_test(size=(80, 24), message_hook=look):
        return await painted

print(json.dumps(asyncio.run(main())))
"""
LIBRARIES = {"aiobotocore", "aiohttp", "boto3", "botocore", "keyring", "moto", "urllib3"}
WITH_A_CONTEXT = {
    "connectors.guard",
    "connectors.aws.session",
    "connectors.sqs.receiving",
    "connectors.sqs.models",
    "connectors.watching.watch",
    "connectors.aws.translation",
    "connectors.sqs.leases",
    "connectors.open_context",
}


def test_the_first_paint_is_whole_and_loads_nothing_that_works_with_a_context() -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    lines, modules = json.loads(ran.stdout)
    assert lines[0].split() == ["sluice", "1", "Queues", "2", "Topics", "default", "connecting…"]
    assert lines[3].split() == ["connecting…"]
    assert lines[-1].startswith(" / Filter")
    assert {name for name in modules if {name, name.split(".")[0]} & (LIBRARIES | WITH_A_CONTEXT)} == set()
    others = {name for name in modules if name.startswith(("tui.screens.", "tui.sqs."))}
    screens = {
        f"tui.screens.{name}" for name in ("base", "filtered", "host", "list_reading", "resource_list", "top_line")
    }
    assert others == screens | {f"tui.sqs.{name}" for name in ("cli", "commands", "queue_rows", "queues", "service")}


def every_screen() -> Iterator[type[Screen[object]]]:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Screen) and value.__module__ == module.name:
                yield value


def test_no_screen_makes_textual_parse_all_style_sheets_anew() -> None:
    screens = [*every_screen()]
    assert len(screens) > 9
    assert [screen.__name__ for screen in screens if screen.CSS or screen.CSS_PATH] == []

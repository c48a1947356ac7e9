"""`looks_as_before(act)`: starts sluice on a shop's queues, lets `act` happen and compares the picture."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import tui.app
from connectors.audit import AuditLog
from connectors.aws.context import ContextRequest
from connectors.clock import Clock
from tests.support.pictures import StandingClock, hold_still
from tests.support.stub import SqsStub
from tests.support.wire import denied
from tests.tui.person import TRUECOLOR, Person
from tui.app.app import SluiceApp
from tui.app.appearance import Appearance

Act = Callable[[Person], Awaitable[None]]
LooksAsBefore = Callable[..., bool]

ERRORS = ("PaymentTimeout", "UnknownSku", "PaymentTimeout")
BODY = '{{"order_id":"ORD-{}","tenant":"nordlicht","total":2490,"customer":{{"name":"見本 花子"}},"gift":false}}'
LONG_NAME = "fulfilment-carrier-label-prints-northern-warehouse-retries-second-attempt-v2"


class Pictured(SluiceApp):
    CSS_PATH = str(Path(tui.app.__file__).with_name("sluice.tcss"))

    def export_screenshot(self, **options: Any) -> str:
        svg = super().export_screenshot(**options)
        return re.sub(r"req-\d{6}", "req-000000", re.sub(r"127\.0\.0\.1:\d{5}", "127.0.0.1:00000", svg))


@pytest.fixture
def shop(stub: SqsStub) -> SqsStub:
    """A few queues of every kind, one of which may not be read."""
    stub.queue("emails", visible=12, delayed=4)
    stub.queue(LONG_NAME, visible=1)
    stub.queue("orders", visible=1234, in_flight=5, dead_letter="orders-dlq", max_receive_count=5)
    dead = stub.queue("orders-dlq", dead_letter="orders-graveyard", max_receive_count=5, tags={"team": "checkout"})
    for number, error in enumerate(ERRORS):
        message = stub.model.put(dead, BODY.format(104400 + number), MessageGroupId="nordlicht")
        message.receive_count = 2 + number
        message.attributes = {
            "error": {"DataType": "String", "StringValue": error},
            "attempt": {"DataType": "Number", "StringValue": "5"},
            "digest": {"DataType": "Binary", "BinaryValue": "iVBORw0KGgoAAAANSUhEUg=="},
        }
    stub.queue("orders-graveyard", visible=0)
    stub.queue("payments.fifo", visible=18, dead_letter="payments-dlq.fifo")
    stub.queue("payments-dlq.fifo", visible=9)
    stub.queue("salaries", visible=3)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="salaries")
    return stub


@pytest.fixture
def looks_as_before(
    stub: SqsStub, snap_compare: Callable[..., bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> LooksAsBefore:
    """`view` is what to open first; a `clock` that a test moves makes time pass; what is not named goes to the
    `ContextRequest`."""
    monkeypatch.chdir(tmp_path)

    def compare(
        act: Act,
        *,
        size: tuple[int, int] = (80, 24),
        view: str = "queues",
        environ: dict[str, str] = TRUECOLOR,
        clock: Clock | None = None,
        **request: Any,
    ) -> bool:
        app = Pictured(
            ContextRequest(**{"endpoint_url": stub.url, **request}),
            audit=AuditLog(Path("audit.jsonl")),
            view=view,
            clock=clock or StandingClock(),
            appearance=Appearance(environ=environ),
        )

        async def before(pilot: Pilot[None]) -> None:
            await act(Person(app, pilot))
            await hold_still(app)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare

"""What the screen of one queue says, made of one value; and how often a reading is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import ConnectorError, Step
from connectors.sqs.models import Queue, QueueAttributes, QueueCounts
from connectors.sqs.queues import Queues
from tests.support.stub import SqsStub
from tests.support.wire import denied
from tests.tui.conftest import AtWork
from tui.sqs.queue_facts import QueueKnowledge
from tui.sqs.queue_moment import Held, Kept, QueueMoment, Walking, foot_parts, title_parts
from widgets.line import Part

NOW = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
ORDERS = Queue("https://sqs/123456789012/orders")
READ = QueueKnowledge("orders", ORDERS, QueueAttributes(ORDERS, "arn", QueueCounts(3, None, 0), None, {}))
CALM = QueueMoment(READ, NOW)
THROTTLED = ConnectorError(Step.THROTTLE, "slow down")


def said(parts: list[Part]) -> str:
    return "".join(part.text for part in parts).strip()


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (QueueMoment(QueueKnowledge("orders"), NOW), "Queue orders  reading…"),
        (QueueMoment(QueueKnowledge("orders", error=THROTTLED), NOW), "Queue orders  reading failed: throttle"),
        (CALM, "Queue orders  3 visible  – in flight  0 delayed"),
        (
            replace(CALM, knowledge=replace(READ, error=THROTTLED), purge_wait=59.6),
            "Queue orders  3 visible  – in flight  0 delayed  purge started, again in 60 s"
            "  last reading failed: throttle",
        ),
    ],
)
def test_the_title_has_the_counts_and_what_is_wrong_with_them(moment: QueueMoment, words: str) -> None:
    assert said(title_parts(moment)) == words


def test_the_foot_says_what_matters_most_at_the_moment() -> None:
    moment, feet = CALM, []
    for more in (
        {},
        {"no_look": True},
        {"has_rows": True},
        {"kept": Kept(2, NOW + timedelta(minutes=10))},
        {"held": Held(3, 29.0, "")},
        {"walking": Walking(40, 100, 400)},
    ):
        moment = replace(moment, **more)
        feet.append(said(foot_parts(moment, {"queue.peek": "p", "screen.back": "esc", "app.release": "H"}.__getitem__)))
    assert feet == [
        "A look (p) adds 1 receive to each message; no redrive policy.",
        "Looking is switched off in this context.",
        "No lease is held any more: look again (p) before you delete.",
        "2 kept hidden until 03:10:00, also when you leave; H gives back.",
        "3 held for 29 s more; given back when you leave.",
        "40 of 100 seen; p stops, esc gives them back",
    ]


async def test_a_reading_that_brings_no_more_than_counts_is_said_once(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    stub.on("ListQueueTags", denied("sqs:listqueuetags"))
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 1")
        assert person.app.session is not None
        queues, known = Queues(person.app.session), QueueKnowledge("orders")
        often = []
        for _ in range(2):
            readings = [reading async for reading in known.renewals(queues)]
            often.append(len(readings))
            known = readings[-1]
    assert often == [2, 1]

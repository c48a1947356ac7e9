"""Pictures of the list of topics."""

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied
from tests.tui.person import Person
from tests.tui.pictures.conftest import LONG_NAME, LooksAsBefore
from tests.tui.pictures.scenes import both_sizes
from tui.sns.topics import TopicsScreen

QUEUE = "arn:aws:sqs:us-east-1:123456789012:"


def topics(stub: SqsStub) -> None:
    """Topics of every kind: many subscriptions, none, some that nobody confirmed."""
    orders = stub.sns.topic("order-events")
    for name in ("orders", "emails", "invoices"):
        stub.sns.subscribe(orders, "sqs", QUEUE + name)
    stub.sns.subscribe(orders, "email", "oncall@example.com", state="PendingConfirmation")
    stub.sns.subscribe(stub.sns.topic("payments.fifo"), "sqs", QUEUE + "payments.fifo")
    stub.sns.subscribe(stub.sns.topic(LONG_NAME), "https", "https://example.com/hook")
    stub.sns.topic("見本-audit")


async def sees_all_topics(person: Person) -> None:
    await person.reads("bar", "123456789012")
    screen = person.app.screen
    assert isinstance(screen, TopicsScreen)
    watch = (await until(lambda: screen.rows)).watch
    await until(lambda: watch.complete and all(state.known or state.error for state in watch.states.values()))
    # the calls per minute are shown every few seconds, and at once when the list comes back to the front
    await person.press("question_mark", "escape")


@both_sizes
def test_topics(looks_as_before: LooksAsBefore, stub: SqsStub, size: tuple[int, int]) -> None:
    topics(stub)
    assert looks_as_before(sees_all_topics, size=size, view="topics")


def test_topics_whose_subscriptions_may_not_be_listed(looks_as_before: LooksAsBefore, stub: SqsStub) -> None:
    topics(stub)
    stub.on("ListSubscriptions", denied("SNS:ListSubscriptions"))
    assert looks_as_before(sees_all_topics, view="topics")

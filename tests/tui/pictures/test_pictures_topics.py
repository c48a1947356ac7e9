"""Pictures of the list of topics."""

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied
from tests.tui.person import Person
from tests.tui.pictures.conftest import LONG_NAME, LooksAsBefore
from tests.tui.pictures.scenes import both_sizes
from tests.tui.sns.scene import order_events
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


async def sees_the_topic(person: Person) -> None:
    await person.reads("bar", "123456789012")
    await person.reads("title", "Subscriptions 5  trouble first")
    await person.reads("head", "owner")
    await person.sees("▲ refused", "2 keys", "150")
    await person.press("question_mark", "escape")


async def writes_a_message(person: Person) -> None:
    """On a form: a message that shipping would get, and billing not."""
    await person.pastes('{"order_id":"ORD-104400"}')
    await person.types("\ttype\t\torder-placed")


def test_topic(looks_as_before: LooksAsBefore, stub: SqsStub) -> None:
    order_events(stub)
    assert looks_as_before(sees_the_topic, view="topic:order-events")


def test_subscription(looks_as_before: LooksAsBefore, stub: SqsStub) -> None:
    async def act(person: Person) -> None:
        await sees_the_topic(person)
        await person.press("j", "j", "j", "enter")
        await person.reads("title", "Subscription billing-invoice-created")
        await person.press("tab")
        await writes_a_message(person)
        await person.sees('"order-placed" is not')
        await person.press("escape")

    order_events(stub)
    assert looks_as_before(act, view="topic:order-events")


def test_publish(looks_as_before: LooksAsBefore, stub: SqsStub) -> None:
    async def act(person: Person) -> None:
        await sees_the_topic(person)
        await person.press("p")
        await person.reads("title", "Publish to")
        await writes_a_message(person)
        await person.sees("2 yes")
        await person.sees('"order-placed" is not')

    order_events(stub)
    assert looks_as_before(act, view="topic:order-events")

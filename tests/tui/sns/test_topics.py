"""The list of topics: what a line says, filter, sort, marks, freezing, failures and what it costs."""

from tests.support.clock import RunningClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied, error
from tests.tui.conftest import AtWork

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"


def shop(stub: SqsStub) -> str:
    """Three topics; gives the ARN of `orders`."""
    orders = stub.sns.topic("orders")
    stub.sns.topic("audit")
    invoices = stub.sns.topic("invoices.fifo")
    stub.sns.subscribe(orders, "sqs", QUEUE)
    stub.sns.subscribe(orders, "email", "me@example.com", state="PendingConfirmation")
    stub.sns.subscribe(orders, "sms", "+15550100", state="Deleted")
    stub.sns.subscribe(invoices, "sqs", QUEUE + ".fifo")
    return orders


async def test_a_line_has_the_tally_of_the_subscriptions_and_no_topic_costs_a_call(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = shop(stub)
    async with sluice(stub.url, view="topics") as person:
        await person.reads("title", "Topics 3")
        for row in ("audit · ·", "invoices.fifo 1 · sqs", "orders 2 ▲ 1 email sqs"):
            await until(lambda row=row: person.row(row.split()[0]) == row, what=row)
        assert await person.reads("detail", orders)
        await person.pilot.resize_terminal(120, 30)
        await until(lambda: "type: standard" in person.facts, what="the inspector, where there is room for it")
        await person.press("z", "z")
        await until(lambda: person.row("invoices") == "invoices.fifo 1 · sqs fifo")
        assert sorted(set(stub.operations) - {"GetCallerIdentity"}) == ["ListSubscriptions", "ListTopics"]


async def test_the_key_2_leads_there_and_1_back(stub: SqsStub, sluice: AtWork) -> None:
    shop(stub)
    stub.queue("payments")
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 1")
        assert not stub.sent("ListTopics")
        await person.press("2")
        await person.sees("Topics 3", "invoices.fifo")
        await person.press("1")
        await person.sees("Queues 1", "payments")
        await person.press("colon")
        await person.types("topics\r")
        await person.sees("Topics 3")


async def test_two_hundred_and_fifty_topics_are_listed_to_the_last(stub: SqsStub, sluice: AtWork) -> None:
    for number in range(250):
        stub.sns.subscribe(stub.sns.topic(f"topic-{number:03}"), "sqs", QUEUE)
    async with sluice(stub.url, view="topics") as person:
        await person.reads("title", "Topics 250")
        await person.press("G")
        await until(lambda: person.row("topic-249") == "topic-249 1 · sqs")
        assert [len(stub.sent(name)) for name in ("ListTopics", "ListSubscriptions")] == [3, 3]


async def test_filter_sort_marks_and_copies(stub: SqsStub, sluice: AtWork) -> None:
    orders = shop(stub)
    async with sluice(stub.url, view="topics") as person:
        await person.reads("title", "Topics 3  trouble first")
        await person.types("/ord\r")
        await person.reads("title", "Topics 3  1 shown")
        await person.press("y")
        assert person.clipboard == orders
        await person.press("Y")
        assert person.clipboard == (
            f"aws sns list-subscriptions-by-topic --topic-arn {orders} --region us-east-1 --endpoint-url {stub.url}"
        )
        await person.press("escape", "o")
        await until(lambda: person.table.cursor_key == orders)
        await person.press("g")
        assert person.under_cursor.name == "audit"
        await person.press("o", "g")
        assert person.under_cursor.name == "orders"
        await person.press("asterisk", "y")
        await person.reads("hints", "3 topic ARNs")
        assert len(person.clipboard.splitlines()) == 3


async def test_enter_opens_the_topic_and_esc_comes_back(stub: SqsStub, sluice: AtWork) -> None:
    shop(stub)
    async with sluice(stub.url, view="topics") as person:
        await until(lambda: person.row("orders").startswith("orders 2"))
        await person.press("g", "enter")
        await person.reads("title", "Topic orders  Subscriptions 2")
        await person.press("escape")
        await person.reads("title", "Topics 3")
        await person.types(":topic:audit\r")
        await person.reads("title", "Topic audit  Subscriptions 0")


async def test_subscriptions_that_may_not_be_listed_are_unknown_and_not_zero(stub: SqsStub, sluice: AtWork) -> None:
    shop(stub)
    stub.on("ListSubscriptions", denied("SNS:ListSubscriptions"))
    async with sluice(stub.url, view="topics") as person:
        await until(lambda: person.row("audit") == "audit – – –")
        assert "SNS:ListSubscriptions is denied" in await person.reads("detail", "permission")


async def test_topics_that_may_not_be_listed_are_no_empty_list_and_r_tries_again(stub: SqsStub, sluice: AtWork) -> None:
    shop(stub)
    stub.on("ListTopics", denied("SNS:ListTopics"))
    async with sluice(stub.url, view="topics") as person:
        await person.sees("the topics could not be listed", "SNS:ListTopics is denied")
        stub.on("ListTopics", None)
        await person.press("r")
        await person.reads("title", "Topics 3")
        await person.sees("invoices.fifo")


async def test_no_topics_are_said_with_the_region(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url, view="topics") as person:
        await person.sees("There are no topics in us-east-1")


async def test_a_server_that_answers_no_more_leaves_the_list_and_its_age(stub: SqsStub, sluice: AtWork) -> None:
    shop(stub)
    clock = RunningClock()
    async with sluice(stub.url, view="topics", clock=clock) as person:
        await until(lambda: person.row("orders") == "orders 2 ▲ 1 email sqs")
        for operation in ("ListTopics", "ListSubscriptions"):
            stub.on(operation, error("Throttled", "Rate exceeded", 429))
        clock.jump(130)
        await person.reads("title", "read 13")
        await until(lambda: "~2" in person.row("orders"))


async def test_frozen_it_asks_nothing_until_r(stub: SqsStub, sluice: AtWork) -> None:
    shop(stub)
    clock = RunningClock()
    async with sluice(stub.url, view="topics", clock=clock) as person:
        await until(lambda: person.row("orders") == "orders 2 ▲ 1 email sqs")
        await person.press("f")
        await person.reads("title", "FROZEN")
        stub.sns.topic("returns")
        clock.jump(130)
        await person.reads("title", "read 13")
        assert len(stub.sent("ListTopics")) == 1
        await person.press("r")
        await person.reads("title", "Topics 4")
        assert "FROZEN" in person.line("title")


async def test_a_name_is_painted_as_text_and_copied_as_it_is(stub: SqsStub, sluice: AtWork) -> None:
    hostile = stub.sns.topic("[red]\x9b31m\u202eslla")
    async with sluice(stub.url, view="topics") as person:
        await person.sees("[red]\ufffd31m\ufffdslla")
        await person.press("y")
        assert person.clipboard == hostile


async def test_what_is_left_of_a_topic_that_is_gone_stands_last_and_queues_that_are_gone_are_trouble(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = shop(stub)
    stub.queue("orders")
    stub.sns.subscribe(orders, "sqs", QUEUE.replace(":orders", ":closed"))
    stub.sns.subscribe(orders, "sqs", "arn:aws:sqs:us-east-1:999999999999:theirs")
    stub.sns.subscribe("arn:aws:sns:us-east-1:123456789012:afterlife", "sqs", QUEUE)
    async with sluice(stub.url, view="topics") as person:
        await person.reads("title", "Topics 4  trouble first")
        await until(lambda: person.row("▲ afterlife (gone) 1"))
        assert person.table.model.shown_keys()[-1].endswith(":afterlife")
        assert "queue gone" not in person.screen  # nobody listed the queues
        await person.press("G")
        await person.reads("detail", "the topic is gone; still subscribed to it: orders")
        await person.press("1")
        await person.reads("title", "trouble first")
        await person.press("2", "r")
        await until(lambda: person.row("orders").startswith("orders 4 ▲ 1 ▲ 1 queue gone"))
        assert person.row("invoices.fifo") == "invoices.fifo 1 · ▲ 1 queue gone sqs"
        await person.reads("bar", "▲3")


async def test_the_inspector_has_the_subscriptions_as_listed_and_follows_the_cursor(
    stub: SqsStub, sluice: AtWork
) -> None:
    orders = shop(stub)
    async with sluice(stub.url, view="topics") as person:
        await person.reads("title", "trouble first")
        assert f"ARN: {orders}" not in person.facts
        await person.press("z")
        await until(lambda: "email: me@example.com ▲ pending" in person.facts)
        assert "subscriptions: 2 of this account, as listed" in person.facts
        await person.press("j")
        await until(lambda: "subscriptions: none listed" in person.facts)
        await person.press("z")
        await person.no_longer_sees("invoices.fifo")
        await person.press("escape")
        await person.sees("invoices.fifo", "none listed")
        await person.press("z", "z")
        await person.no_longer_sees("none listed")
        await person.pilot.resize_terminal(120, 30)
        await person.press("k")
        assert "none listed" not in person.screen

"""One subscription: its rules tried on the test message, and what else decides what it gets."""

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.tui.conftest import AtWork
from tests.tui.person import Person
from tests.tui.sns.scene import order_events, subscribed_queue


async def opens_subscription(person: Person, name: str) -> None:
    await person.reads("title", "trouble first")
    await person.press("g")
    while person.under_cursor.state.subscription.short_endpoint != name:
        await person.press("j")
    await person.press("enter")
    await person.reads("title", f"Subscription {name}")


async def test_each_rule_has_a_verdict_that_follows_while_one_types_and_the_message_is_kept(
    stub: SqsStub, sluice: AtWork
) -> None:
    order_events(stub)
    async with sluice(stub.url, view="topic:order-events") as person:
        await opens_subscription(person, "billing-invoice-created")
        await until(lambda: person.row("· type") == '· type ["invoice-created"]')
        await person.types("\t{}\ttype\t\tinvoice")
        await until(lambda: person.row("no type"))
        await person.reads("detail", 'type: "invoice" is not "invoice-created"')
        assert 'gets the message: no: type: "invoice" is not "invoice-created"; no attribute amount' in person.facts
        await person.types("-created")
        await until(lambda: person.row("yes type"))
        assert person.row("no amount")
        await person.press("escape", "j")
        await person.reads("detail", "no attribute amount")
        await person.press("escape")
        await person.reads("title", "Topic order-events")
        await opens_subscription(person, "shipping")
        await until(lambda: person.row("no type"))
        assert stub.sns.published == []


async def test_delivery_is_told_and_both_queues_can_be_followed(stub: SqsStub, sluice: AtWork) -> None:
    topic = stub.sns.topic("orders")
    dead = stub.queue("orders-lost", visible=4)
    subscribed_queue(
        stub,
        topic,
        "audit",
        filter_policy={"price": [{"numeric": [">=", 100]}]},
        visible=2,
        FilterPolicyScope="MessageBody",
        RawMessageDelivery="true",
        RedrivePolicy=f'{{"deadLetterTargetArn": "{dead.arn}"}}',
    )
    stub.model.queues["audit"].attributes["KmsMasterKeyId"] = "alias/aws/sqs"
    async with sluice(stub.url, view="topic:orders") as person:
        await opens_subscription(person, "audit")
        for fact in (
            "filters on: the message's body",
            "raw delivery: yes",
            "lets this topic send: yes",
            "queue's key: alias/aws/sqs, managed by AWS: SNS may be refused",
            "queue: audit, 2 visible, 0 in flight",
            "dead letters to: ▲ orders-lost, 4 visible",
        ):
            await until(lambda fact=fact: fact in person.facts, what=fact)
        await person.press("greater_than_sign")
        await person.sees("Follow to", "audit, 2 visible", "orders-lost (dead letters), 4 visible")
        await person.press("j", "enter")
        await person.reads("title", "Queue orders-lost")
        await person.press("escape")
        await person.reads("title", "Subscription audit")


async def test_a_pending_one_says_why_nothing_can_be_done_with_it(stub: SqsStub, sluice: AtWork) -> None:
    order_events(stub)
    async with sluice(stub.url, view="topic:order-events") as person:
        await opens_subscription(person, "hooks.example.com")
        assert "nobody confirmed it: it gets nothing, and goes after three days" in person.facts
        assert "SNS lets nobody read it or take it away" in person.facts
        await person.sees("pending: its filter policy can't be read")
        await person.press("greater_than_sign")
        await person.reads("hints", "https leads to no queue")


async def test_a_policy_of_ten_thousand_keys_and_one_of_a_thousand_levels_are_refused(
    stub: SqsStub, sluice: AtWork
) -> None:
    topic = stub.sns.topic("orders")
    subscribed_queue(stub, topic, "wide", filter_policy={f"key{number}": ["a"] for number in range(10_000)})
    deep = '{"a":' * 1000 + '["b"]' + "}" * 1000
    subscribed_queue(stub, topic, "deep", FilterPolicy=deep, FilterPolicyScope="MessageBody")
    async with sluice(stub.url, view="topic:orders") as person:
        await opens_subscription(person, "deep")
        await person.sees("the filter policy is none that SNS takes:")
        await until(lambda: "bad filter: " in person.facts)
        await person.press("escape")
        await opens_subscription(person, "wide")
        await until(lambda: "bad filter: " in person.facts)

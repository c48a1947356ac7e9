"""One topic: who is subscribed, what gets nothing, and where a subscription leads."""

from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied
from tests.tui.conftest import AtWork
from tests.tui.sns.scene import order_events, subscribed_queue


async def test_what_gets_nothing_stands_first_with_its_reason(stub: SqsStub, sluice: AtWork) -> None:
    topic = order_events(stub)
    async with sluice(stub.url, view="topic:order-events") as person:
        await person.reads("title", "Topic order-events  Subscriptions 5  trouble first")
        for row in (
            "fulfilment-returns sqs ▲ refused 1 key ·",
            "hooks.example.com https ▲ pending – ",
            "analytics-events sqs confirmed none 150",
            "billing-invoice-created sqs confirmed 2 keys ·",
            "shipping sqs confirmed 1 key 3",
        ):
            await until(lambda row=row: person.row(row.split()[0]).startswith(row.strip()), what=row)
        assert person.line("head") == "standard  no KMS key  owner 123456789012"
        assert person.line("tags") == "team=checkout"
        assert person.table.model.shown_keys() == sorted(
            person.table.model.shown_keys(), key=lambda key: person.table.model.get(key).trouble != "refused"
        )
        await person.reads("detail", "queue policy: aws:SourceArn is …:returns-events")
        await person.press("j")
        await person.reads("detail", "pending: nobody confirmed it")
        await person.press("y")
        assert person.clipboard == "https://hooks.example.com/orders"
        await person.press("Y")
        assert f"list-subscriptions-by-topic --topic-arn {topic}" in person.clipboard
        await person.pilot.resize_terminal(120, 30)
        await until(lambda: person.row("analytics-events").endswith("150 raw none"))


async def test_the_queue_opens_above_and_esc_comes_back_to_the_topic(stub: SqsStub, sluice: AtWork) -> None:
    order_events(stub)
    async with sluice(stub.url, view="topics") as person:
        await until(lambda: person.row("order-events").startswith("order-events 5 ▲ 1"))
        await person.press("g", "enter")
        await person.reads("title", "Topic order-events")
        await person.reads("title", "trouble first")
        await until(lambda: person.row("shipping").endswith("3"))
        await person.press("G", "greater_than_sign")
        await person.reads("title", "Queue shipping")
        assert "2 Topics" in person.line("bar") or "2" in person.line("bar")
        await person.press("escape")
        await person.reads("title", "Topic order-events")
        await person.press("g", "j", "greater_than_sign")
        await person.reads("hints", "https leads to no queue")
        await person.press("escape")
        await person.reads("title", "Topics 2")


async def test_what_may_not_be_read_is_unknown_with_the_reason_and_the_rest_stays(
    stub: SqsStub, sluice: AtWork
) -> None:
    order_events(stub)
    stub.on("GetSubscriptionAttributes", denied("SNS:GetSubscriptionAttributes"))
    stub.on("GetTopicAttributes", denied("SNS:GetTopicAttributes"))
    stub.on("ListTagsForResource", denied("SNS:ListTagsForResource"))
    stub.on("GetQueueAttributes", denied("sqs:GetQueueAttributes"), queue="shipping")
    async with sluice(stub.url, view="topic:order-events") as person:
        await person.reads("title", "trouble first")
        await until(lambda: person.row("shipping") == "shipping sqs – denied – –", what="shipping")
        await until(lambda: person.row("analytics-events") == "analytics-events sqs – denied – 150", what="analytics")
        assert "SNS:GetTopicAttributes is denied" in await person.reads("head", "owner –")
        assert "SNS:ListTagsForResource is denied" in await person.reads("tags", "tags –")
        await person.press("G")
        await person.reads("detail", "SNS:GetSubscriptionAttributes is denied")


async def test_a_queue_that_is_gone_and_a_filter_that_sns_would_not_take_are_trouble(
    stub: SqsStub, sluice: AtWork
) -> None:
    topic = stub.sns.topic("orders")
    subscribed_queue(stub, topic, "gone")
    subscribed_queue(stub, topic, "odd", filter_policy={"price": []}, FilterPolicyScope="MessageBody")
    stub.model.queues.pop("gone")
    async with sluice(stub.url, view=f"topic:{topic}") as person:
        await until(lambda: person.row("gone").startswith("gone sqs ▲ queue gone none"))
        await until(lambda: person.row("odd") == "odd sqs ▲ bad filter bad, body ·")
        await person.reads("title", "trouble first")
        await person.press("g", "greater_than_sign")
        await person.reads("hints", "the queue gone is gone")
        await person.press("j")
        await person.reads("detail", 'filter policy: line 1, column 11: "price" has an empty list')
        await person.press("enter")
        await person.sees("the filter policy is none that SNS takes:", '{"price": []}')


async def test_no_subscription_no_topic_and_a_topic_that_vanishes_each_say_so(stub: SqsStub, sluice: AtWork) -> None:
    stub.sns.topic("audit")
    async with sluice(stub.url, view="topic:audit") as person:
        await person.sees("Nobody is subscribed to this topic")
        await person.types("/x\r")
        await person.press("escape")
        stub.sns.topics.clear()
        await person.press("r")
        await person.sees("the subscriptions could not be listed", "Topic does not exist")
        await person.reads("head", "Topic does not exist")
    async with sluice(stub.url, view="topic:nothing") as person:
        await person.sees("there is no topic nothing")
        await person.reads("title", "Topic nothing")
        stub.sns.topic("nothing")
        await person.press("r")
        await person.sees("Nobody is subscribed to this topic")


async def test_texts_of_others_are_painted_as_text(stub: SqsStub, sluice: AtWork) -> None:
    hostile = "[red]\x9b31m\u202ex"
    topic = stub.sns.topic("orders", tags={hostile: hostile}, attributes={"DisplayName": hostile})
    subscribed_queue(stub, topic, "audit", filter_policy={hostile: [hostile]})
    stub.sns.subscribe(topic, hostile, hostile)
    async with sluice(stub.url, view="topic:orders") as person:
        await until(lambda: person.row("audit").startswith("audit sqs confirmed 1 key"))
        await person.reads("title", "trouble first")
        screen = await person.sees("[red]\ufffd31m\ufffdx=[red]")
        while person.under_cursor.state.subscription.protocol != "sqs":
            await person.press("j")
        await person.press("enter")
        screen += await person.sees('["[red]\ufffd31m\ufffdx"]')
        assert not {"\x9b", "\u202e"} & set(screen)


async def test_a_queue_says_which_topics_feed_it_once_they_were_listed(stub: SqsStub, sluice: AtWork) -> None:
    order_events(stub)
    async with sluice(stub.url, view="queue:shipping") as person:
        await until(lambda: "DLQ of: no queue" in person.facts)
        assert "fed by" not in person.facts
        await person.press("less_than_sign")
        await person.reads("hints", "nothing is known to feed shipping")
        await person.press("2")
        await person.reads("title", "trouble first")
        await person.press("1")
        await until(lambda: "fed by: order-events (SNS)" in person.facts)
        await person.press("less_than_sign")
        await person.reads("title", "Topic order-events")
        await person.press("escape")
        await person.reads("title", "Queue shipping")


async def test_a_topic_that_could_not_be_looked_for_is_not_called_missing(stub: SqsStub, sluice: AtWork) -> None:
    stub.on("ListTopics", denied("SNS:ListTopics"))
    async with sluice(stub.url, view="topic:orders") as person:
        await person.sees("SNS:ListTopics is denied")
        assert await person.reads("title", "Topic orders  not read")
        stub.on("ListTopics", None)
        await person.press("r")
        await person.reads("title", "Topic orders  not found")

"""The same calls against moto's server, which somebody else wrote."""

import asyncio

import pytest

from connectors.errors import ConnectorError, Step
from connectors.open_context import OpenContext
from connectors.sqs.models import Draft, MessageAttribute, Queue
from connectors.sqs.queues import Queues
from connectors.sqs.receiving import Messages
from connectors.sqs.snapshot import snapshot
from tests.conftest import OpeningContexts
from tests.support.moto import boto_client, fresh_name


@pytest.fixture
async def context(moto_url: str, open_context: OpeningContexts) -> OpenContext:
    return await open_context(moto_url)


def make(url: str, name: str, **attributes: str) -> Queue:
    return Queue(boto_client(url).create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


async def test_a_message_is_sent_looked_at_given_back_and_deleted(moto_url: str, context: OpenContext) -> None:
    queue = await asyncio.to_thread(make, moto_url, fresh_name())
    connector = Messages(context)
    change = connector.sending(queue)
    draft = Draft("hello ä", (MessageAttribute("b", "Binary", binary=b"\x00\xff"),))
    sent = await connector.send(change, context.guard.permit(change, "test"), queue, draft)
    for count in (1, 2):
        (message,) = (await connector.look(queue)).messages
        assert (message.message_id, message.body, message.receive_count) == (sent.message_id, "hello ä", count)
        assert message.attributes == draft.attributes
        assert (await Queues(context.aws).attributes(queue)).counts.in_flight == 1
        assert all(outcome.confirmed for outcome in await connector.give_back([message]))
    (message,) = (await connector.look(queue)).messages
    deleting = connector.deleting(queue, [message])
    (outcome,) = await connector.delete(deleting, context.guard.permit(deleting, "test"), queue, [message])
    assert outcome.confirmed
    counts = (await Queues(context.aws).attributes(queue)).counts
    assert (counts.visible, counts.in_flight) == (0, 0)


async def test_a_purge_leaves_nothing(moto_url: str, context: OpenContext) -> None:
    queue = await asyncio.to_thread(make, moto_url, fresh_name())
    await asyncio.to_thread(boto_client(moto_url).send_message, QueueUrl=queue.url, MessageBody="x")
    connector = Messages(context)
    change = connector.purging(queue)
    await connector.purge(change, context.guard.permit(change, "test"), queue)
    assert (await Queues(context.aws).attributes(queue)).counts.visible == 0


async def test_queues_and_their_dead_letter_queues_are_surveyed(moto_url: str, context: OpenContext) -> None:
    name = fresh_name("story")
    dead_letter = await asyncio.to_thread(make, moto_url, f"{name}-dlq")
    arn = (await Queues(context.aws).attributes(dead_letter)).arn
    policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": "3"}}'
    source = await asyncio.to_thread(make, moto_url, name, RedrivePolicy=policy)
    states, by_arn = await snapshot(context.aws, name)
    assert [state.queue.name for state in states] == [name, f"{name}-dlq"]
    assert (states[0].dead_letter_name, states[0].max_receive_count) == (f"{name}-dlq", 3)
    assert by_arn[arn].visible == 0
    sources = [queue async for page in Queues(context.aws).sources(dead_letter) for queue in page.queues]
    assert sources == [source]


async def test_a_vanished_queue_is_not_found_in_the_words_of_this_protocol(moto_url: str, context: OpenContext) -> None:
    queue = Queue(f"{moto_url}/123456789012/{fresh_name('gone')}")
    with pytest.raises(ConnectorError) as caught:
        await Queues(context.aws).attributes(queue)
    assert caught.value.step is Step.NOT_FOUND


async def test_the_identity_comes_from_the_same_server(context: OpenContext) -> None:
    assert (await context.aws.identify()).account == context.aws.account_of("sqs") == "123456789012"

"""Seeding over the wire: what is written, what is left alone, and what an emulator says no to."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from connectors.emulator.errors import EmulatorError
from connectors.emulator.process import Emulator
from connectors.sqs.demo import STORY
from connectors.sqs.demo.model import Message, Queue, Typed
from connectors.sqs.demo.seed import seed
from tests.support.emulators import DEADLINE, SEEDS, counts, receive_all, sqs

Answer = Callable[[str, dict[str, Any]], tuple[int, object]]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Start a server that answers SQS's JSON protocol by a function of operation and parameters; returns its URL."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                parameters = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, content = answer(self.headers["X-Amz-Target"].partition(".")[2], parameters)
                body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def refusal(code: str) -> tuple[int, object]:
    return 400, {"__type": f"com.amazonaws.sqs#{code}", "message": f"no: {code}"}


class SmallEmulator:
    """Keeps queues in memory; knows messages of at most 256 KiB, and refuses a batch whole for one bad entry."""

    limit = 262_144

    def __init__(self, existing: tuple[str, ...] = ()) -> None:
        self.bodies: dict[str, list[str]] = {name: [] for name in existing}
        self.operations: list[str] = []

    def __call__(self, operation: str, parameters: dict[str, Any]) -> tuple[int, object]:
        self.operations.append(operation)
        name = parameters.get("QueueUrl", "").rpartition("/")[2]
        match operation:
            case "ListQueues":
                return 200, {"QueueUrls": [f"http://emulator/0/{name}" for name in self.bodies]}
            case "CreateQueue":
                if int(parameters["Attributes"].get("MaximumMessageSize", "1024")) > self.limit:
                    return refusal("InvalidAttributeValue")
                self.bodies[parameters["QueueName"]] = []
                return 200, {"QueueUrl": f"http://emulator/0/{parameters['QueueName']}"}
            case "SendMessageBatch":
                bodies = [entry["MessageBody"] for entry in parameters["Entries"]]
                if any(len(body) > self.limit or "\x1b" in body for body in bodies):
                    return refusal("InvalidMessageContents")
                self.bodies[name] += bodies
                done = [
                    {"Id": entry["Id"], "MessageId": "0", "MD5OfMessageBody": "0"} for entry in parameters["Entries"]
                ]
                return 200, {"Successful": done, "Failed": []}
        return refusal("InvalidAction")


def ignore(_done: int, _queue: str) -> None:
    pass


async def test_the_messages_arrive_as_the_story_has_them(kind: str) -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(kind, seeds=SEEDS) as emulator:
        await emulator.wait_seeded()
        for name in ("orders-dlq", "payments-dlq.fifo", "legacy-import"):
            declared = {message.body: message for queue in STORY if queue.name == name for message in queue.messages}
            received = await asyncio.to_thread(receive_all, emulator.url, name)
            for message in received:
                expected = declared.pop(message["Body"])
                attributes = message.get("MessageAttributes", {})
                assert set(attributes) == set(expected.attributes)
                for attribute, value in expected.attributes.items():
                    wanted = value.value if isinstance(value, Typed) else value
                    got = attributes[attribute]
                    assert got.get("BinaryValue", got.get("StringValue")) == (
                        wanted if isinstance(wanted, bytes) else str(wanted)
                    )
                assert message["Attributes"].get("MessageGroupId") == expected.group_id
            if name == "payments-dlq.fifo":
                declared.clear()  # a receive takes what a group's order allows
            assert not declared


async def test_a_dead_letter_queue_knows_its_sources_and_a_thumbnail_is_on_its_last_receive() -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(seeds=SEEDS) as emulator:
        await emulator.wait_seeded()
        client = sqs(emulator.url)
        dlq = client.get_queue_url(QueueName="platform-webhooks-dlq")["QueueUrl"]
        sources = client.list_dead_letter_source_queues(QueueUrl=dlq)["queueUrls"]
        assert {url.rpartition("/")[2] for url in sources} == {"platform-webhooks-out", "platform-webhook-retries"}
        orders = client.get_queue_url(QueueName="orders")["QueueUrl"]
        attributes = client.get_queue_attributes(QueueUrl=orders, AttributeNames=["All"])["Attributes"]
        assert json.loads(attributes["RedrivePolicy"])["maxReceiveCount"] == 5
        assert client.list_queue_tags(QueueUrl=orders)["Tags"]["team"] == "checkout"
        thumbnails = receive_all(emulator.url, "thumbnails")
    assert [message["Attributes"]["ApproximateReceiveCount"] for message in thumbnails] == ["3", "3", "3"]


async def test_a_second_seeding_doubles_nothing_and_brings_back_only_what_is_gone(kind: str) -> None:
    async with asyncio.timeout(DEADLINE), await Emulator.start(kind, seeds=SEEDS) as emulator:
        first = await emulator.wait_seeded()
        client = sqs(emulator.url)
        before = counts(emulator.url)
        async with await Emulator.start(emulator.url, seeds=SEEDS) as again:
            assert again.url == emulator.url
            second = await again.wait_seeded()
        assert (second.created, second.existing, second.messages) == (0, first.created, 0)
        assert counts(emulator.url) == before

        client.delete_queue(QueueUrl=client.get_queue_url(QueueName="orders-dlq")["QueueUrl"])
        async with await Emulator.start(emulator.url, seeds=SEEDS) as again:
            third = await again.wait_seeded()
        assert (third.created, third.messages) == (1, 40)
        assert counts(emulator.url) == before


async def test_moto_gives_the_messages_the_same_ids_every_time() -> None:
    ids = []
    for _ in range(2):
        async with asyncio.timeout(DEADLINE), await Emulator.start(seeds=SEEDS) as emulator:
            await anext(emulator.progress())
            ids.append([message["MessageId"] for message in receive_all(emulator.url, "orders-dlq")])
    assert len(ids[0]) == 40
    assert ids[0] == ids[1]


async def test_an_endpoint_that_is_no_sqs_fails_the_seeding_with_one_clear_line(
    serve: Callable[[Answer], str],
) -> None:
    url = serve(lambda operation, parameters: (200, "<html>It works!</html>"))
    async with asyncio.timeout(DEADLINE), await Emulator.start(url, seeds=SEEDS) as emulator:
        with pytest.raises(EmulatorError, match="does not answer as SQS does") as failed:
            await emulator.wait_seeded()
        assert url in failed.value.hint
        with pytest.raises(EmulatorError):
            _ = [step async for step in emulator.progress()]


def test_a_refused_queue_names_the_operation_and_the_reason(serve: Callable[[Answer], str]) -> None:
    url = serve(lambda operation, _: (200, {}) if operation == "ListQueues" else refusal("AccessDenied"))
    with pytest.raises(EmulatorError) as failed:
        seed([Queue("orders")], url, ignore)
    assert failed.value.hint == "CreateQueue: AccessDenied: no: AccessDenied"


def test_an_emulator_with_a_smaller_limit_gets_all_but_what_it_refuses(serve: Callable[[Answer], str]) -> None:
    emulator = SmallEmulator(existing=("kept",))
    large = Message("x" * 900_000)
    story = [
        Queue("kept", (Message("not again"),)),
        Queue(
            "import", (Message("a"), Message("\x1b"), Message("b"), large), settings={"MaximumMessageSize": "1048576"}
        ),
    ]
    done: list[tuple[int, str]] = []
    outcome = seed(story, serve(emulator), lambda count, queue: done.append((count, queue)))
    assert emulator.bodies == {"kept": [], "import": ["a", "b"]}
    assert (outcome["created"], outcome["existing"], outcome["messages"], outcome["refused"]) == (1, 1, 2, 2)
    assert done == [(1, "kept"), (2, "import")]


def test_a_queue_that_takes_no_message_at_all_is_a_failure(serve: Callable[[Answer], str]) -> None:
    story = [Queue("import", (Message("\x1b1"), Message("\x1b2")))]
    with pytest.raises(EmulatorError, match="refused the demo data"):
        seed(story, serve(SmallEmulator()), ignore)


def test_a_message_whose_answer_is_lost_is_not_sent_twice(serve: Callable[[Answer], str]) -> None:
    emulator = SmallEmulator()

    def lose_the_answer(operation: str, parameters: dict[str, Any]) -> tuple[int, object]:
        status, content = emulator(operation, parameters)
        return (503, {}) if operation == "SendMessageBatch" else (status, content)

    with pytest.raises(EmulatorError):
        seed([Queue("orders", (Message("once"),))], serve(lose_the_answer), ignore)
    assert emulator.bodies["orders"] == ["once"]

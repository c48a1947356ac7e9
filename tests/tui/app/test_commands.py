"""Help, identity, log, command line, palette and copying: all from one declaration per command."""

import asyncio
from dataclasses import dataclass

import pytest
from textual.command import Hits
from textual.widgets import Input

from tests.support.settling import settle
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied
from tests.tui.conftest import AtWork
from tui.app.everywhere import EVERYWHERE, commands_of, find
from tui.app.keymap import SCOPES
from tui.app.palette import CommandProvider
from tui.commands import NO_LOOKS, READ_ONLY, Command, Kind
from tui.screens.base import SluiceScreen
from widgets.facts import Facts


def test_every_command_has_an_id_of_its_own_on_its_screen_and_one_word_names_it() -> None:
    for scope in SCOPES:
        commands = commands_of(scope)
        assert len({command.id for command in commands}) == len(commands)
        for command in commands:
            assert find(scope, command.id) is (command if command.action else None)
            assert command.help.endswith("."), command.id


def test_no_key_stands_for_two_commands_of_one_screen() -> None:
    for scope in SCOPES:
        keys = [key for command in scope.own for key in command.keys.split(",")]
        assert len(set(keys)) == len(keys), scope.name
        taken_twice = {key for command in EVERYWHERE for key in command.keys.split(",")} & set(keys)
        assert not taken_twice, scope.name


def test_sending_deleting_and_purging_are_changes_and_peeking_is_a_look() -> None:
    kinds = {command.word: command.kind for scope in SCOPES for command in scope.own}
    assert [kinds[word] for word in ("send", "delete", "purge", "submit")] == [Kind.CHANGE] * 4
    assert kinds["peek"] is Kind.LOOK


@dataclass
class Somewhere:
    is_read_only: bool = False
    allows_looks: bool = True

    def reason_against(self, command: Command) -> str:
        return "not here" if command.word == "purge" else ""


def test_a_reason_against_a_command_is_its_class_or_what_the_screen_says() -> None:
    for scope in SCOPES:
        for command in scope.own:
            own = "not here" if command.word == "purge" else ""
            assert command.why_not(Somewhere()) == own, command.id
            refused = READ_ONLY if command.kind is Kind.CHANGE else own
            assert command.why_not(Somewhere(is_read_only=True)) == refused, command.id
            assert command.why_not(Somewhere(allows_looks=False)) == (NO_LOOKS if command.kind is Kind.LOOK else own)


@pytest.mark.parametrize(
    ("view", "protected", "reasons"),
    [
        ("queues", False, {"screen.copy", "queue.dead_letters", "queue.peek", "queue.purge", "queue.send"}),
        ("queues", True, {"queue.peek", "queue.purge", "queue.send", "queue.dead_letters", "screen.copy"}),
        ("queue:orders", False, {"queue.delete", "queue.hide", "message.receives", "queue.dead_letters", "table.mark"}),
        ("queue:orders", True, {"queue.peek", "queue.send", "queue.purge", "queue.delete", "screen.next_row"}),
        ("topics", False, {"screen.copy", "screen.copy_command"}),
    ],
)
async def test_what_cannot_be_done_is_no_hint_and_its_key_says_why(
    stub: SqsStub, sluice: AtWork, view: str, protected: bool, reasons: set[str]
) -> None:
    if view == "queue:orders":
        stub.queue("orders")
    async with sluice(stub.url, view=view, read_only=protected, no_look=protected, size=(200, 30)) as person:
        await person.sees("orders" if view == "queue:orders" else f"There are no {view}")
        screen = person.app.screen
        assert isinstance(screen, SluiceScreen)
        if view == "queue:orders":
            await person.sees("visibility timeout")
        against = {command: command.why_not(screen) for command in screen.SCOPE.own if command.why_not(screen)}
        assert {command.id for command in against} >= reasons
        hints = person.line("hints")
        before = len(stub.requests)
        for command, reason in against.items():
            assert f" {command.title}" not in hints
            await screen.action_do(command.id)
            await person.reads("hints", reason[:60])
            assert person.app.screen is screen
        await person.press(next(iter(against)).keys.split(",")[0])
        await person.reads("hints", next(iter(against.values()))[:60])
        assert not [request for request in stub.requests[before:] if request.operation in ("SendMessage", "PurgeQueue")]


async def test_help_lists_the_keys_of_the_screen_below_with_their_class(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.reads("detail", "no dead-letter queue")
        await person.press("question_mark")
        facts = await person.is_shown("Help")
        assert "p: Receive up to 10 messages under a lease of 30 s." in facts
        assert "Adds 1 to the receive count of each." in facts
        assert "Write a message and send it. Asks first." in facts
        assert "space: Mark or unmark the row" in facts
        assert "ctrl+c" in facts.replace("^", "ctrl+")
        headings = [facts.index(f"{heading}: ") for heading in ("THIS QUEUE", "IN THE LIST", "EVERYWHERE")]
        assert headings[0] < facts.index("s: Write a message") < headings[1] < facts.index("/: Show only") < headings[2]
        assert headings[2] < facts.index("I: Identity")
        assert "P: Delete all messages of the queue. Asks first.\n" in facts
        assert "Open the dead-letter queue of this queue. Not now: orders has no dead-letter queue." in facts
        await person.press("escape", "c")
        await person.sees("Contexts")
        await person.press("question_mark")
        assert "Start the embedded emulator" in await person.is_shown("Help")


async def test_a_wide_terminal_has_help_in_two_columns(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url, size=(120, 40)) as person:
        await person.press("question_mark")
        await person.is_shown("Help")
        assert any("THIS QUEUE" in line and "EVERYWHERE" in line for line in person.screen.splitlines())
        await person.pilot.resize_terminal(100, 60)
        await until(lambda: not any("THIS" in line and "EVERYWHERE" in line for line in person.screen.splitlines()))


async def test_help_scrolls_with_the_keyboard(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url) as person:
        await person.press("question_mark")
        await person.is_shown("Help")
        facts = person.app.screen.query_one(Facts)
        await until(lambda: facts.max_scroll_y > 0, what="more lines than fit")
        await person.press("j", "j")
        await until(lambda: facts.scroll_offset.y == 2)
        await person.press("end")
        await person.sees("Twice within two seconds always quits.")


async def test_identity_says_who_where_and_until_when(stub: SqsStub, sluice: AtWork) -> None:
    async with sluice(stub.url) as person:
        await person.sees("123456789012")
        await person.reads("bar", "123456789012")
        await person.press("I")
        facts = await person.is_shown("Who am I")
        assert "account: 123456789012" in facts
        assert "ARN: arn:aws:iam::123456789012:user/reader" in facts
        assert f"SQS endpoint: {stub.url}" in facts
        assert "dummy keys, for this loopback endpoint only" in facts
        assert "expiry: none" in facts
        await person.press("y")
        assert person.clipboard == facts


async def test_without_sts_the_identity_is_unverified_and_the_log_says_why(stub: SqsStub, sluice: AtWork) -> None:
    stub.on("GetCallerIdentity", denied("sts:GetCallerIdentity"))
    async with sluice(stub.url, size=(120, 30)) as person:
        await until(lambda: stub.sent("GetCallerIdentity"))
        await person.reads("bar", "unverified")
        await person.press("I")
        assert "unverified: STS has not answered" in await person.is_shown("Who am I")
        await person.press("escape", "L")
        await person.sees("GetCallerIdentity", "failed at permission")


async def test_the_log_has_calls_and_errors_filters_and_opens_a_line(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    stub.queue("salaries")
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="salaries")
    async with sluice(stub.url, size=(100, 24)) as person:
        await person.sees("salaries  (permission)")
        await person.press("L")
        await person.sees("GetQueueAttributes orders", "failed at permission (AccessDenied)", "ListQueues")
        await person.press("slash")
        await person.types("salaries")
        await person.press("enter", "enter")
        facts = await person.is_shown("Call")
        assert "target: salaries" in facts
        assert "code: AccessDenied" in facts
        assert "request id: req-" in facts
        await person.press("escape", "y")
        assert "target: salaries" in person.clipboard


@pytest.mark.parametrize("key", ["right", "tab"])
async def test_the_command_line_goes_to_a_queue_and_completes_its_name(stub: SqsStub, sluice: AtWork, key: str) -> None:
    stub.queue("orders", visible=7)
    stub.queue("orders-dlq", visible=40)
    async with sluice(stub.url) as person:
        await person.sees("Queues 2")
        await person.press("colon")
        await person.types("queue:orders-")
        await person.sees("queue:orders-dlq")
        await person.press(key, "enter")
        await person.reads("title", "Queue orders-dlq  40 visible")
        await person.press("colon")
        await person.types("queues")
        await person.press("enter")
        await person.sees("Queues 2")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("queue orders-dlq", "Queue orders-dlq"),
        ("queue pay", "Queue payments"),
        ("queue:orders", "Queue orders  "),
        ("orders", "Queue orders  "),
        ("ORDERS-D", "Queue orders-dlq"),
        ("queue nowhere", "Queue nowhere"),
        ("ctx", "Contexts"),
        ("top", "Topics"),
        ("o", "'o' begins several: orders, orders-dlq"),
    ],
)
async def test_the_command_line_takes_a_name_or_its_beginning(
    stub: SqsStub, sluice: AtWork, typed: str, title: str
) -> None:
    for name in ("orders", "orders-dlq", "payments"):
        stub.queue(name)
    async with sluice(stub.url) as person:
        await person.sees("Queues 3")
        await person.press("colon")
        await person.types(typed + "\r")
        await person.sees(title)


async def test_the_command_line_shows_its_candidates_and_what_was_typed_before(stub: SqsStub, sluice: AtWork) -> None:
    for name in ("orders", "orders-dlq", "payments"):
        stub.queue(name)
    async with sluice(stub.url) as person:
        await person.sees("Queues 3")
        await person.press("colon")
        await person.types("queue o")
        await person.sees("queue orders-dlq")
        await person.press("tab", "tab", "tab", "tab", "enter")
        await person.reads("title", "Queue orders-dlq")
        await person.press("colon")
        await person.types("nothing such\r")
        await person.reads("hints", "there is no command, view or name 'nothing such'")
        await person.press("colon", "up", "up", "enter")
        await person.reads("title", "Queue orders-dlq")
        await person.press("colon")
        await person.types("q\r")
        await until(lambda: person.has_left)


async def test_tab_at_once_behind_what_was_typed_completes_it_and_typing_goes_on(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("colon")
        await person.types("pee\t")
        await person.types(" 5")
        await person.sees("peek 5")
        await person.press("tab")  # there is nothing to complete
        await person.press("0", "enter")
        await person.is_asked("Walk through orders?")
        await person.sees("│ 50 ")


async def test_the_command_line_runs_a_command_of_the_screen_below(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["body one"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("colon")
        await person.types("peek")
        await person.press("enter")
        await person.sees("body one")


async def test_an_unknown_command_names_the_nearest_and_does_nothing(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.sees("orders")
        before = len(stub.requests)
        await person.press("colon")
        await person.types("prge")
        await person.press("enter")
        await person.reads("hints", "there is no command, view or name 'prge'; did you mean purge?")
        assert [request.operation for request in stub.requests[before:] if request.operation == "PurgeQueue"] == []
        await person.press("colon", "escape")
        await person.sees("orders")


async def test_the_palette_finds_and_runs_a_command(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.reads("detail", "no dead-letter queue")
        await person.press("ctrl+p")
        await person.sees("Purge  P", "Dead letters  not now: orders has no dead-letter queue")
        await person.types("who am")
        await person.sees("Identity, account and expiry")
        await person.press("enter")
        await until(lambda: "Who am I" in person.screen and "ARN" in person.screen)


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_y_copies_the_url_and_capital_y_the_command(stub: SqsStub, sluice: AtWork, size: tuple[int, int]) -> None:
    stub.queue("aaa")
    stub.queue("bbb")
    async with sluice(stub.url, size=size) as person:
        await person.sees("Queues 2")
        await person.press("y")
        assert person.clipboard == f"{stub.url}/123456789012/aaa"
        assert "clipboard" in await person.reads("hints", "clipboard")
        await person.press("asterisk", "y")
        assert person.clipboard.splitlines() == [f"{stub.url}/123456789012/{name}" for name in ("aaa", "bbb")]
        await person.press("Y")
        assert person.clipboard == (
            f"aws sqs get-queue-attributes --queue-url {stub.url}/123456789012/aaa --region us-east-1"
            f" --endpoint-url {stub.url} --attribute-names All"
        )


async def test_a_body_goes_to_the_clipboard_from_the_list_of_messages(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one “ü”\nline two"])
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("y")
        assert person.clipboard == f"{stub.url}/123456789012/orders"
        await person.press("p")
        await person.reads("cost", "1 held")
        await person.press("y")
        assert person.clipboard == "one “ü”\nline two"
        await person.press("Y")
        assert person.clipboard.startswith("aws sqs receive-message --queue-url")


async def test_an_error_panel_scrolls_copies_and_closes(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", messages=["one"])
    stub.on("ReceiveMessage", denied("sqs:receivemessage"))
    async with sluice(stub.url, view="queue:orders") as person:
        await person.reads("cost", "A look (p)")
        await person.press("p")
        facts = await person.is_shown("It did not work")
        assert "request id: req-" in facts
        await person.press("y")
        assert person.clipboard == facts
        await person.press("enter")
        await person.no_longer_sees("It did not work")


async def test_enter_in_the_palette_waits_for_the_search(
    stub: SqsStub, sluice: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.queue("orders")
    search, gate, asked = CommandProvider.search, asyncio.Event(), asyncio.Event()

    async def slow(self: CommandProvider, query: str) -> Hits:
        asked.set()
        await gate.wait()
        async for hit in search(self, query):
            yield hit

    monkeypatch.setattr(CommandProvider, "search", slow)
    async with sluice(stub.url) as person:
        await person.sees("Queues 1")
        await person.press("ctrl+p")
        await person.sees("Search for commands")
        await person.types("o")
        await until(asked.is_set)
        person.sends_key("enter")
        await settle(person.app)
        gate.set()
        await person.reads("title", "Queue orders")


async def test_the_palette_goes_to_a_queue_by_a_part_of_its_name_however_fast_it_is_typed(
    stub: SqsStub, sluice: AtWork
) -> None:
    stub.queue("orders")
    stub.queue("old-orders")
    stub.queue("[b]purge")
    async with sluice(stub.url) as person:
        await person.sees("Queues 3")
        await person.press("ctrl+p")
        await until(lambda: isinstance(person.app.focused, Input))
        await person.types("ord\r")
        await person.reads("title", "Queue orders")
        await person.press("escape", "ctrl+p")
        await until(lambda: isinstance(person.app.focused, Input))
        await person.types("purge")
        screen = await person.sees("[b]purge  queue")
        assert screen.index("Delete all messages of the queue.") < screen.index("[b]purge")

"""The list of queues: what a line says, filter, sort, marks, freezing and what it costs."""

from connectors.concurrency import GIVE_WAY_SECONDS, WHILE_GIVING_WAY
from tests.support.clock import ManualClock
from tests.support.stub import SqsStub
from tests.support.waiting import until
from tests.support.wire import denied, silence
from tests.tui.conftest import AtWork


async def test_the_list_shows_counts_and_the_count_of_the_dlq_beside_its_source(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=1234, in_flight=5, dead_letter="orders-dlq", max_receive_count=5)
    stub.queue("orders-dlq", visible=40)
    stub.queue("emails", visible=0, dead_letter="emails-dlq")
    stub.queue("emails-dlq", visible=0)
    async with sluice(stub.url) as person:
        await person.sees("Queues 4", "▲ 40", "1,234")
        for row in ("orders 1,234 5 ▲ 40", "orders-dlq 40 ·", "emails · · ·"):
            await until(lambda row=row: person.row(row) == row, what=row)
        await person.reads("title", "trouble first")
        assert person.line("detail") == "after 5 receives to orders-dlq, which holds 40"
        await person.press("j")
        assert await person.reads("detail", "no dead-letter queue")


async def test_a_wider_terminal_shows_more_columns(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders.fifo", visible=3, in_flight=2, delayed=7, dead_letter="orders-dlq.fifo")
    stub.queue("orders-dlq.fifo", visible=1)
    async with sluice(stub.url, size=(140, 45)) as person:
        await until(lambda: person.row("orders.fifo") == "orders.fifo 3 2 7 ▲ 1 orders-dlq.fifo")
        await person.pilot.resize_terminal(80, 24)
        await person.no_longer_sees("delayed")
        assert person.row("orders.fifo") == "orders.fifo 3 2 ▲ 1"


async def test_a_dlq_that_cannot_be_read_is_unknown_and_not_zero(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=3, dead_letter="orders-dlq")
    stub.queue("orders-dlq", visible=2)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="orders-dlq")
    async with sluice(stub.url) as person:
        await person.sees("orders-dlq  (permission)")
        await until(lambda: person.row("orders ") == "orders 3 · –")
        assert person.line("detail") == "after 3 receives to orders-dlq, whose count is unknown"


async def test_a_queue_that_may_not_be_read_shows_dashes_its_step_and_its_reason(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=3)
    stub.queue("salaries", visible=9)
    stub.on("GetQueueAttributes", denied("sqs:getqueueattributes"), queue="salaries")
    async with sluice(stub.url, size=(160, 24)) as person:
        await person.sees("salaries  (permission)")
        assert person.row("salaries").startswith("salaries (permission) – – –")
        await until(lambda: person.row("orders").startswith("orders 3 · ·"))
        await person.press("j")
        detail = await person.reads("detail", "GetQueueAttributes failed at permission")
        assert "sqs:getqueueattributes is denied" in detail.lower()
        assert "9" not in person.row("salaries")


async def test_more_than_a_thousand_queues_are_listed_to_the_last(stub: SqsStub, sluice: AtWork) -> None:
    stub.many(2003)
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 2,003")
        await person.press("G")
        await person.sees("queue-02002")
        assert [request.params.get("MaxResults") for request in stub.sent("ListQueues")] == [1000, 1000, 1000]


async def test_while_names_still_come_the_count_says_that_there_are_more(stub: SqsStub, sluice: AtWork) -> None:
    stub.many(1003)
    listing = stub.hold("ListQueues")
    async with sluice(stub.url) as person:
        await until(lambda: stub.sent("ListQueues"))
        second = stub.hold("ListQueues")
        listing.release()
        await person.reads("title", "Queues 1,000 of more")
        second.release()
        await person.reads("title", "Queues 1,003")
        assert "of more" not in person.line("title")


async def test_the_filter_shows_what_matches_as_it_is_typed_and_escape_takes_it_away(
    stub: SqsStub, sluice: AtWork
) -> None:
    for name in ("orders", "orders-dlq", "emails", "Order-Archive"):
        stub.queue(name)
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 4")
        await person.press("slash")
        await person.types("order")
        await person.reads("title", "3 shown")
        assert not person.row("emails")
        await person.press("escape")
        await person.no_longer_sees("shown")
        assert person.row("emails")
        await person.press("slash")
        await person.types("!order")
        await person.reads("title", "1 shown")
        assert person.row("emails")
        await person.press("enter", "slash", "escape", "slash")
        await person.types("re:^orders?$")
        await person.reads("title", "1 shown")
        assert person.row("orders")


async def test_a_pattern_that_is_none_says_so_and_keeps_the_rows(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 1")
        await person.press("slash")
        await person.types("re:(")
        assert "filter:" in await person.reads("title", "filter:")
        assert person.row("orders")
        await person.types("o)")
        await until(lambda: "filter:" not in person.line("title"))


async def test_rows_sort_by_the_next_column_and_backwards(stub: SqsStub, sluice: AtWork) -> None:
    for name, visible in (("aaa", 5), ("bbb", 70), ("ccc", 0)):
        stub.queue(name, visible=visible)

    async with sluice(stub.url) as person:

        def order() -> list[str]:
            return [
                line.split()[0] for line in person.screen.splitlines() if line.startswith(("  aaa", "  bbb", "  ccc"))
            ]

        await person.sees("70")
        await person.reads("title", "trouble first")
        assert order() == ["bbb", "aaa", "ccc"]
        await person.press("o")
        await person.sees("queue▲")
        assert order() == ["aaa", "bbb", "ccc"]
        await person.press("o")
        await person.sees("visible▼")
        assert order() == ["bbb", "aaa", "ccc"]
        await person.press("O")
        await person.sees("visible▲")
        assert order() == ["ccc", "aaa", "bbb"]


async def test_marks_are_counted_and_those_that_the_filter_hides_are_named(stub: SqsStub, sluice: AtWork) -> None:
    for name in ("aaa", "bbb", "ccc"):
        stub.queue(name)
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 3")
        await person.press("space")
        await person.reads("title", "1 marked")
        await person.press("asterisk")
        await person.reads("title", "3 marked")
        await person.press("slash")
        await person.types("aaa")
        await person.reads("title", "3 marked, 2 of them hidden")


async def test_the_cursor_stays_on_its_queue_when_another_one_appears(stub: SqsStub, sluice: AtWork) -> None:
    for name in ("bbb", "ccc"):
        stub.queue(name, visible=1)
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 2")
        await person.press("j")
        stub.queue("aaa", visible=7)
        await person.press("r")
        await person.sees("aaa")
        assert person.under_cursor.name == "ccc"


async def test_a_queue_that_was_deleted_leaves_the_list_at_the_next_refresh(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders")
    stub.queue("short-lived")
    async with sluice(stub.url) as person:
        await person.reads("title", "Queues 2")
        del stub.model.queues["short-lived"]
        await person.press("r")
        await person.reads("title", "Queues 1")
        assert not person.row("short-lived")


async def test_the_change_per_minute_counts_from_the_first_reading(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    orders = stub.queue("orders", visible=100)
    async with sluice(stub.url, clock=clock) as person:
        await person.waits(clock, "100")
        orders.visible = 130
        await person.lets_pass(clock, 60)
        await person.waits(clock, "130")
        grown = float(person.row("orders ").split()[-1])
        assert 28 <= grown <= 36, person.screen


async def test_frozen_nothing_is_read_and_r_still_reads(stub: SqsStub, sluice: AtWork, clock: ManualClock) -> None:
    orders = stub.queue("orders", visible=100)
    async with sluice(stub.url, clock=clock) as person:
        await person.waits(clock, "100")
        before = len(stub.requests)
        await person.lets_pass(clock, 30)
        assert len(stub.requests) > before
        await person.press("f")
        await person.reads("title", "FROZEN")
        await until(lambda: person.nothing_is_under_way)
        before = len(stub.requests)
        orders.visible = 55
        await person.lets_pass(clock, 300)
        assert len(stub.requests) == before
        await person.press("r")
        await person.waits(clock, "55")
        await person.press("f")
        await until(lambda: "FROZEN" not in person.line("title"))
        before = len(stub.requests)
        await person.lets_pass(clock, 30)
        assert len(stub.requests) > before


async def test_while_another_screen_is_open_the_list_is_not_read(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("aaa", visible=100)
    stub.queue("bbb", visible=200)
    async with sluice(stub.url, clock=clock) as person:
        await person.waits(clock, "trouble first")
        await person.press("enter")
        await person.sees("Queue bbb", "200 visible")
        await until(lambda: person.nothing_is_under_way)
        before = len(stub.sent("GetQueueAttributes", "aaa")), len(stub.sent("ListQueues"))
        await person.lets_pass(clock, 300)
        assert (len(stub.sent("GetQueueAttributes", "aaa")), len(stub.sent("ListQueues"))) == before


async def test_the_footer_counts_the_calls_of_the_last_minute(stub: SqsStub, sluice: AtWork) -> None:
    for number in range(7):
        stub.queue(f"queue-{number}")
    async with sluice(stub.url) as person:
        await until(lambda: len(stub.sent("GetQueueAttributes")) == 7 and stub.sent("GetCallerIdentity"))
        await person.press("f", "question_mark", "escape")
        shown = await person.reads("hints", "calls/min")
        assert int(shown.split()[-2]) == len(stub.requests) == 9


async def test_the_age_of_the_list_is_in_the_title(stub: SqsStub, sluice: AtWork, clock: ManualClock) -> None:
    stub.queue("orders", visible=100)
    async with sluice(stub.url, clock=clock) as person:
        await person.waits(clock, "100")
        await person.reads("title", "current")
        await person.press("f")
        await person.lets_pass(clock, 20)
        await person.press("space")
        await person.reads("title", "read 20 s ago")


async def test_a_listing_that_is_never_answered_leaves_every_key_working(stub: SqsStub, sluice: AtWork) -> None:
    stub.on("ListQueues", silence())
    async with sluice(stub.url) as person:
        await person.sees("loading names…")
        await person.press("question_mark")
        await person.is_shown("Help")
        await person.press("escape", "L")
        await person.sees("Log of this run")
        await person.press("q")
        await person.sees("loading names…")


async def test_a_key_press_comes_before_what_is_read_behind_the_list(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.queue("orders", visible=7)
    async with sluice(stub.url, clock=clock) as person:
        await person.sees("orders", "7")
        assert person.app.session is not None
        lag = person.app.session.lag
        await clock.advance(1)
        assert lag.most > WHILE_GIVING_WAY
        await person.press("j")
        assert lag.most == WHILE_GIVING_WAY
        await clock.advance(GIVE_WAY_SECONDS)
        assert lag.most > WHILE_GIVING_WAY


async def test_new_trouble_is_said_and_no_row_moves_until_r(stub: SqsStub, sluice: AtWork, clock: ManualClock) -> None:
    stub.queue("aaa", visible=1, dead_letter="aaa-dlq")
    late = stub.queue("aaa-dlq", visible=0)
    stub.queue("bbb", visible=70, dead_letter="bbb-dlq")
    stub.queue("bbb-dlq", visible=3)
    async with sluice(stub.url, clock=clock) as person:
        await person.waits(clock, "trouble first")
        assert person.under_cursor.name == "bbb"
        assert "▲1" in person.line("bar")
        await person.press("j", "j")
        at = person.under_cursor.name
        late.visible = 5
        await person.waits(clock, "▲ 1 new · r")
        assert "▲2" in person.line("bar")
        assert (person.under_cursor.name, person.table.model.cursor) == (at, 2)
        await person.press("r")
        await person.reads("title", "trouble first")
        assert person.table.model.shown_keys()[0].endswith("/aaa")


async def test_somebody_at_work_is_spared_the_order_until_r(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("aaa", visible=1)
    stub.queue("bbb", visible=70)
    answers = stub.hold("GetQueueAttributes", queue="bbb")
    async with sluice(stub.url) as person:
        await person.sees("Queues 2")
        await person.press("j")
        answers.release()
        await person.reads("title", "order changed · r")
        assert [key.rpartition("/")[2] for key in person.table.model.shown_keys()] == ["aaa", "bbb"]
        await person.press("r")
        await until(lambda: person.table.model.shown_keys()[0].endswith("/bbb"))


async def test_one_key_leads_to_the_dead_letters_of_the_queue_under_the_cursor(stub: SqsStub, sluice: AtWork) -> None:
    stub.queue("orders", visible=5, dead_letter="orders-dlq")
    stub.queue("orders-dlq", visible=40, dead_letter="graveyard")
    async with sluice(stub.url) as person:
        await person.reads("title", "trouble first")
        await person.press("greater_than_sign")
        await person.reads("title", "Queue orders-dlq  40 visible")
        await person.press("escape", "j", "greater_than_sign")
        await person.reads("hints", "graveyard is not among the queues listed")


async def test_a_chosen_column_stays_when_the_list_is_read_again_or_comes_back(stub: SqsStub, sluice: AtWork) -> None:
    for name, visible in (("aaa", 5), ("bbb", 70)):
        stub.queue(name, visible=visible)
    async with sluice(stub.url) as person:
        await person.reads("title", "trouble first")
        await person.press("o")
        await person.sees("queue▲")
        await person.press("r", "2")
        await person.sees("Topics 0")
        await person.press("1")
        await person.sees("queue▲")
        assert [key.rpartition("/")[2] for key in person.table.model.shown_keys()] == ["aaa", "bbb"]


async def test_what_the_own_order_brought_on_screen_is_read_every_few_seconds(
    stub: SqsStub, sluice: AtWork, clock: ManualClock
) -> None:
    stub.many(60)
    async with sluice(stub.url, clock=clock) as person:
        while "trouble first" not in person.screen:
            await person.lets_pass(clock, 0.1)
        await person.sees("queue-00059")
        last = stub.model.queues["queue-00059"]
        last.visible = 4321
        await person.lets_pass(clock, 8)
        assert person.row("queue-00059").startswith("queue-00059 4,321")


async def test_a_count_filters_and_a_row_that_no_longer_fits_stays_dimmed_until_it_is_asked_for(
    stub: SqsStub, sluice: AtWork
) -> None:
    busy, calm = stub.queue("busy", visible=120), stub.queue("calm", visible=3)
    stub.queue("full", visible=900)
    async with sluice(stub.url) as person:
        await person.reads("title", "trouble first")
        await person.press("slash")
        await person.types("visible>100\r")
        await person.no_longer_sees("calm")
        await until(lambda: person.under_cursor.name == "full")

        def style(name: str) -> object:
            lines = (person.table.render_line(y) for y in range(person.table.size.height))
            return next(segment.style for line in lines for segment in line if name in segment.text)

        bright = style("busy")
        busy.visible, calm.visible = 5, 500
        await until(lambda: person.row("busy").startswith("busy 5"))
        assert style("busy") != bright
        await person.press("r")
        await person.no_longer_sees("busy")
        await until(lambda: person.row("calm").startswith("calm 500"))

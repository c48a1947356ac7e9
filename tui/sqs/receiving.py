"""The base of the queue screen that receives: one look or a walk, and the leases on the messages that came."""

from collections.abc import Collection, Sequence
from contextlib import aclosing
from functools import partial

from textual import on, work
from textual.message import Message as TextualMessage
from textual.timer import Timer

from connectors.errors import ConnectorError
from connectors.open_context import OpenContext
from connectors.sqs.connector import SqsConnector
from connectors.sqs.dead_letters import BeforeLook
from connectors.sqs.leases import Leases
from connectors.sqs.models import Look, Message, Queue, QueueAttributes
from connectors.sqs.taken_leases import RECEIVE
from connectors.sqs.walk import Ending, Progress, Walk, walk_under
from connectors.sqs.wire import BATCH
from tui.commands import Command
from tui.screens.resource import Painted, ResourceScreen
from tui.sqs.lease_words import lease_end, lease_in_words, why_not_extended
from tui.sqs.looks import question_before_look, question_before_walk, tell_moved
from tui.sqs.message_rows import MessageRow
from tui.sqs.queue_facts import QueueKnowledge
from tui.sqs.queue_moment import Held, Kept, QueueMoment, Walking, foot_parts, painted
from tui.sqs.receive_cost import empty_text, walk_word
from tui.sqs.receive_log import own_facts
from tui.sqs.release import give_back, give_back_these
from widgets.table.view import Table

NOT_KNOWN = "the queue is not known yet"
SUGGESTED = 100
"""The number of messages that the question before a walk suggests."""
_PAINT_SECONDS = 0.25
"""Seconds between two updates of the rows during a walk."""


class LookingScreen(ResourceScreen[QueueKnowledge]):
    """A screen whose table has the messages received. `queue` is None while only its name or URL is known, which is
    `name`."""

    FOOT = "cost"

    class Looked(TextualMessage):
        def __init__(self, look: Look) -> None:
            super().__init__()
            self.look = look

    class Walked(TextualMessage):
        """A walk received more messages, or ended."""

        def __init__(self, progress: Progress) -> None:
            super().__init__()
            self.progress = progress

    def __init__(self, context: OpenContext | None, name: str, queue: Queue | None) -> None:
        self.queue_name = Queue(name).name
        super().__init__(context, QueueKnowledge(self.queue_name, queue, asked=name))
        self.asked = name
        self.queue = queue
        self._messages: dict[str, Message] = {}
        self._limit_shown: int | None = None
        self._looked = 0
        self._moved = ""
        """What the latest look moved to the dead-letter queue, in words."""
        self._looking = False
        self._walk: Walk | None = None
        self._visible_before: int | None = None
        self._came: list[Message] = []
        """Messages of the walk that have no row yet."""
        self._walked: set[str] = set()
        """The ids of all messages of the latest walk."""
        self._when_read = ""
        """The action that waits until the queue is read. Another screen or the filter drops it."""
        self._next_rows: Timer | None = None
        self._countdown: Timer | None = None

    @property
    def leases(self) -> Leases | None:
        """The leases of the context. None while there is none."""
        return self.context.connector(SqsConnector).leases if self.context is not None else None

    @property
    def attributes(self) -> QueueAttributes | None:
        return self.reading.attributes

    @property
    def limit(self) -> int | None:
        """The maxReceiveCount."""
        return self.attributes.redrive.max_receive_count if self.attributes and self.attributes.redrive else None

    @property
    def is_fifo(self) -> bool:
        return self.queue_name.endswith(".fifo")

    # -- what it says -----------------------------------------------------------------------------------------------

    def painted(self) -> Painted:
        return painted(self.moment(), self.host.key)

    def moment(self) -> QueueMoment:
        """What the screen says, except in its rows, is made of this."""
        host, leases, queue, walk = self.host, self.leases, self.queue, self._walk
        held, kept, purge_wait = None, None, 0.0
        if leases is not None and queue is not None:
            tally, purge_wait = leases.tally(queue), leases.messages.purge_cooldown(queue)
            if tally.open:
                held = Held(
                    tally.open,
                    tally.first_end - host.clock.monotonic(),
                    why_not_extended(leases, queue, host.somebody_is_here),
                )
            if tally.last_kept is not None:
                kept = Kept(tally.kept, lease_end(self.opened, tally.last_kept))
        return QueueMoment(
            self.reading,
            host.clock.now(),
            own=(*own_facts(self.context, queue), *host.facts_on(self.context, "queue", self.reading.arn_or_name)),
            purge_wait=purge_wait,
            walking=Walking(walk.seen, walk.most, self._visible_before) if walk is not None else None,
            held=held,
            kept=kept,
            has_rows=bool(self._looked and self.table.model.total),
            no_look=host.request.no_look,
        )

    def _show_cost(self) -> None:
        """The line at the foot alone."""
        self.show_foot(foot_parts(self.moment(), self.host.key))

    def _empty_text(self) -> str:
        return empty_text(
            is_looking=self._looking,
            waiting=self._when_read,
            is_filtered=bool(self.table.model.total),
            has_looked=bool(self._looked),
            moved=self._moved,
            peek_key="" if self.host.request.no_look else self.host.key("queue.peek"),
        )

    def _say_why_empty(self) -> None:
        """Paints the empty table again, because `_empty_text` changed and no row did."""
        self.table.restyle()

    # -- looking ------------------------------------------------------------------------------------------------

    def action_peek(self, most: int | None = None) -> None:
        """Looks once. With `most`, or after a look, starts a walk. During a walk it stops the walk."""
        if self._walk is not None and most is None:
            self._walk.stop()
        elif self._walk is not None:
            self.host.tell(f"a walk goes on; {self.host.key('queue.peek')} stops it", severe=True)
        elif self.attributes is None and self.reading.error is None and not self.host.request.no_look:
            self._do_when_read("peek" if most is None else f"peek({most})")
        elif self.queue is None:
            self.host.tell(NOT_KNOWN, severe=True)
        elif not self._looking and self.context is not None:
            self._looking = True
            if most is None and not self._messages:
                self._look(self.context, self.queue)
            else:
                self._walk_on(self.context, self.queue, most or SUGGESTED)

    def _known_queue(self, action: str) -> Queue | None:
        """The queue. None while it is being read: `action` is done after that. None with a notice if it failed."""
        if self.queue is None and self.reading.error is None:
            self._do_when_read(action)
        elif self.queue is None:
            self.host.tell(NOT_KNOWN, severe=True)
        return self.queue

    def _do_when_read(self, action: str) -> None:
        if action != self._when_read:
            self._when_read = action
            self._say_why_empty()

    def _do_what_waited(self) -> None:
        """Does the action that waited for the reading of the queue. Called when the reading has ended or failed."""
        action = self._when_read
        self._do_when_read("")
        if action and self.queue is None:
            self.host.tell("the queue could not be read, so nothing else was done", severe=True)
        elif action and self.is_current:
            self.call_later(self.run_action, action)

    def on_screen_suspend(self) -> None:
        self._do_when_read("")

    def action_filter(self) -> None:
        self._do_when_read("")
        super().action_filter()

    @work(group="look", exit_on_error=False, description="look at messages")
    async def _look(self, context: OpenContext, queue: Queue) -> None:
        sqs, read_only = context.connector(SqsConnector), context.guard.read_only
        leases, dead_letters, sleep = sqs.leases, sqs.dead_letters, self.host.clock.sleep
        try:
            context.guard.check_look(RECEIVE)
            before = await dead_letters.before_look(queue, self.attributes)
            agreed = leases.agreements.holds(queue, before.attributes)
            question = question_before_look(self.reading, before, read_only, agreed=agreed, sleep=sleep)
            if question and (self.is_away or not await self.app.push_screen_wait(question)):
                return
            leases.agreements.add(queue, before.attributes)
            self._moved = ""
            self._say_why_empty()
            look = await leases.messages.look(queue)
            leases.hold(look.messages)
            if self.is_attached:
                self.post_message(self.Looked(look))
            else:
                give_back(self.host, context, queue)
            came = {message.message_id for message in look.messages}
            self._find_moved(before, came, full=len(came) == BATCH)
        except ConnectorError as error:
            self.show_error(error)
        finally:
            self._end_looking()

    @work(group="look", exit_on_error=False, description="walk through messages")
    async def _walk_on(self, context: OpenContext, queue: Queue, most: int) -> None:
        sqs, read_only = context.connector(SqsConnector), context.guard.read_only
        leases, dead_letters, sleep = sqs.leases, sqs.dead_letters, self.host.clock.sleep
        try:
            context.guard.check_look(RECEIVE)
            can_give_back = await leases.can_give_back(queue)
            before = await dead_letters.before_look(queue, self.attributes)
            question = question_before_walk(
                self.reading, before, read_only, most, can_give_back=can_give_back, sleep=sleep
            )
            if self.is_away or not await self.app.push_screen_wait(question):
                return
            leases.agreements.add(queue, before.attributes)
            self._visible_before = self.attributes.counts.visible if self.attributes else None
            self._moved = ""
            self._walked.clear()
            held_bytes = sum(message.held_bytes for message in self._messages.values())
            self._walk = walk_under(
                leases, queue, question.chosen or most, context.clock, can_give_back, held_bytes=held_bytes
            )
            self._say_why_empty()
            self._count_down()
            self.show_hints()
            came: set[str] = set()
            async with aclosing(self._walk.run()) as steps:
                async for step in steps:
                    came.update(message.message_id for message in step.messages)
                    self.post_message(self.Walked(step))
            self._find_moved(before, came, full=step.ending is not Ending.EMPTY, what="this walk")
        except ConnectorError as error:
            self.show_error(error)
        finally:
            self._walk = None
            self._end_looking()

    def _find_moved(self, before: BeforeLook, came: Collection[str], *, full: bool, what: str = "this peek") -> None:
        """Finds out what a look moved to the dead-letter queue, and says so, also when the screen is closed."""
        if before.has_limit:
            work = partial(tell_moved, self.host, self.opened, before, came, full, what, self._show_moved)
            self.host.run_change(work, "see what the look moved")

    def _show_moved(self, word: str) -> None:
        self._moved = word
        if self.is_attached:
            self._say_why_empty()

    def _end_looking(self) -> None:
        self._looking = False
        if self.is_attached:
            self._say_why_empty()
            self.show_hints()

    def on_looking_screen_looked(self, event: Looked) -> None:
        self._looked += 1
        self._take(event.look.messages)
        self._say_why_empty()
        self._count_down()
        self.read()

    def on_looking_screen_walked(self, event: Walked) -> None:
        progress = event.progress
        self._looked += bool(progress.messages) or progress.ending is Ending.EMPTY
        self._came += progress.messages
        self._walked.update(message.message_id for message in progress.messages)
        if progress.ending is None:
            if self._next_rows is None:
                self._show_what_came()
            return
        self._take(self._came)
        self._came.clear()
        self._say_why_empty()
        self._count_down()
        self.read()
        self.host.tell(walk_word(progress, fifo=self.is_fifo), severe=progress.error is not None)
        if progress.error is not None:
            self.show_error(progress.error)
        if progress.ending is Ending.CANCELLED and (leases := self.leases) is not None:
            brought = (message for key, message in self._messages.items() if key in self._walked)
            give_back_these(self.host, self.opened, [message for message in brought if leases.is_open(message)])

    def _show_what_came(self) -> None:
        self._next_rows = None
        if self._came:
            self._take(self._came)
            self._came.clear()
            self._show_cost()
            self._next_rows = self.set_timer(_PAINT_SECONDS, self._show_what_came)

    def _take(self, messages: Collection[Message]) -> None:
        self._messages.update((message.message_id, message) for message in messages)
        self.table.upsert([MessageRow(message, self._limit_shown) for message in messages])

    def drop_messages(self, message_ids: Collection[str]) -> None:
        """Removes deleted messages from the list."""
        for message_id in message_ids:
            self._messages.pop(message_id, None)
        if self.is_attached:
            self.table.remove_rows(message_ids)

    def forget_messages(self) -> None:
        """Empties the list after a purge, and stops a walk."""
        self.stop_looking()
        self._messages.clear()
        self._came.clear()
        self._looked = 0
        self.table.clear()

    # -- leases -------------------------------------------------------------------------------------------------

    def _count_down(self) -> None:
        """Updates the time left on leases and on the purge cooldown, every second while one of them runs.

        Leases that end soon are extended while somebody is at the keyboard or a walk goes on.
        """
        if self._countdown is None:
            self._countdown = self.set_interval(self.host.pace.countdown, self._count_down)
        moment = self.moment()
        self.paint(painted(moment, self.host.key))
        self._remark_rows()
        leases = self.leases
        if leases is not None and self.queue is not None and (self._walk or self.host.somebody_is_here):
            due = leases.due(self.queue)
            if due:
                self._extend(leases, self.queue, due)
        if not moment.is_passing:
            self._countdown.stop()
            self._countdown = None

    @work(group="extend", exit_on_error=False, description="extend leases")
    async def _extend(self, leases: Leases, queue: Queue, due: list[Message]) -> None:
        await leases.extend(queue, due)

    @on(Table.ViewportChanged)
    def _remark_rows(self) -> None:
        """Updates the lease of each row on screen; other rows follow when they scroll into sight. If the queue's
        maxReceiveCount became known after them, all rows are updated."""
        keys: Collection[str] = self.table.visible_keys()
        if self.limit != self._limit_shown:
            self._limit_shown, keys = self.limit, self._messages
        context, messages = self.context, [self._messages[key] for key in keys]
        self.table.upsert([MessageRow(message, self.limit, lease_in_words(context, message)) for message in messages])

    def hint_title(self, command: Command) -> str:
        during_walk = {"screen.back": "Cancel", "queue.peek": "Stop"} if self._walk is not None else {}
        return during_walk.get(command.id) or super().hint_title(command)

    # -- the way out --------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Cancels the walk if there is one, which gives its messages back. Else leaves."""
        if self._walk is not None:
            self._walk.stop(Ending.CANCELLED)
        else:
            super().action_back()

    def stop_looking(self) -> None:
        """Stops the walk, which keeps what came. The answer of a receive that is under way is still given back."""
        if self._walk is not None:
            self._walk.stop()

    def on_unmount(self) -> None:
        """Gives the leases of this queue back, in whatever way the screen was closed."""
        self.stop_looking()
        leases = self.leases
        if leases is not None and self.queue is not None:
            leases.forget_ended()
            if leases.maybe_hidden(self.queue):
                give_back(self.host, self.opened, self.queue)

    def _leave_nothing(self, changed: Sequence[Message]) -> None:
        """Gives back those of `changed` that are still held, if the screen was closed while they were changed."""
        leases = self.leases
        if leases is not None and not self.is_attached:
            chosen = {message.message_id for message in changed}
            if held := [message for message in leases.maybe_hidden(self.queue) if message.message_id in chosen]:
                give_back_these(self.host, self.opened, held)

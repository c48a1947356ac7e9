"""The main job, done by somebody at the keyboard while the network fails: list, open, peek, send, delete, purge, leave.

A run gives a list of complaints; empty is good.
"""

import asyncio
import gc
import json
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from connectors.audit import AuditLog
from connectors.sqs.receiving import BATCH
from tests.chaos.proxy import Counts, FaultyProxy
from tests.support.moto import boto_client
from tests.support.waiting import until
from tests.tui.person import Person, at_work
from tui.format.values import ZERO, cell
from widgets.dialog import Panel, Question

REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
    *("eu-south-1", "ap-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2", "ca-central-1", "sa-east-1"),
)
"""Each run has a region of the emulator to itself, and so a list of queues of its own."""
MESSAGES = 24
TRIES = 25
LONG = 40.0
"""Seconds to wait for what must come: several applications share a processor that others use, too."""
PATIENCE = 1.0
"""Seconds before the person presses the key again."""
GLANCE_AGAIN = 0.05
"""Seconds between two looks at the screen and the numbers on it."""
_ROW = re.compile(
    r"^\W{0,3}(?P<name>[a-z-]+\d+)(?: +\(.*?\))? +(?P<visible>–|·|~?\d+) +(?P<in_flight>–|·|~?\d+)"
    r"(?: +(?:▲ )?(?P<dlq>\d+))?"
)
_TITLE = re.compile(
    r"Queue (?P<name>\S+) +(?P<visible>\d+) visible +(?P<in_flight>\d+) in flight +(?P<delayed>\d+) delayed"
)


def _number(shown: str) -> int:
    return 0 if shown == ZERO else int(shown)


def run_seeds(emulator_url: str, seeds: Sequence[int], *, at_once: int = 2) -> dict[int, str]:
    """What was wrong, by seed."""
    gc.freeze()  # what was there before is no garbage; to look through it again and again takes a third of the time
    output = sys.stdout, sys.stderr
    try:
        return asyncio.run(_run_seeds(emulator_url, seeds, at_once))
    finally:
        gc.unfreeze()
        sys.stdout, sys.stderr = output  # several applications at once put them back in another order


async def _run_seeds(emulator_url: str, seeds: Sequence[int], at_once: int) -> dict[int, str]:
    room = asyncio.Semaphore(at_once)

    async def one(seed: int) -> str:
        async with room:
            try:
                return await MainJob(emulator_url, seed).run()
            except BaseException:
                return traceback.format_exc(limit=-6)

    wrong = await asyncio.gather(*(one(seed) for seed in seeds))
    return {seed: what for seed, what in zip(seeds, wrong, strict=True) if what}


class MainJob:
    def __init__(self, emulator_url: str, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.emulator_url = emulator_url
        self.region = REGIONS[seed % len(REGIONS)]
        self.orders, self.dead = f"orders-{seed:04}", f"orders-dlq-{seed:04}"
        self.other = f"payments-{seed:04}"
        self.has_dead_letters = seed % 3 == 0
        self.body = f"sent by run {seed}"
        self.agreed: Counter[str] = Counter()
        """How often the person said yes, by operation."""
        self.said: dict[str, str] = {}
        """What sluice said came of it in the end."""
        self.deleted = 0
        self.wrong: list[str] = []
        self._seen, self._glanced_at = "", 0.0
        self.person: Person
        self.proxy: FaultyProxy

    async def run(self) -> str:
        client = boto_client(self.emulator_url, region=self.region)
        await asyncio.to_thread(self._fill, client)
        rate = self.chance.uniform(0.05, 0.3)
        async with FaultyProxy(self.emulator_url, seed=self.seed, rate=rate) as self.proxy:
            with tempfile.TemporaryDirectory() as folder:
                audit = AuditLog(Path(folder) / "audit.jsonl")
                async with (
                    at_work(self.proxy.url, audit=audit, region=self.region) as self.person,
                    self._numbers_watched(),
                ):
                    await self._work()
                self._check_changes(list(audit.tail()))
                await asyncio.to_thread(self._check_emulator, client)
        return "\n".join(dict.fromkeys(self.wrong))

    def _fill(self, client: Any) -> None:
        for name, count in ((self.dead, 8), (self.orders, MESSAGES), (self.other, self.chance.randrange(1, 8))):
            url = client.create_queue(QueueName=name)["QueueUrl"]
            for start in range(0, count, BATCH):
                entries = [
                    {"Id": str(n), "MessageBody": f"message {n}"} for n in range(start, min(count, start + BATCH))
                ]
                client.send_message_batch(QueueUrl=url, Entries=entries)
            if name == self.orders and self.has_dead_letters:
                arn = f"arn:aws:sqs:{self.region}:123456789012:{self.dead}"
                policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1000})
                client.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})

    # -- the job --------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        await self._list()
        await self._open()
        steps = [self._peek_and_delete, self._send]
        self.chance.shuffle(steps)
        for step in steps:
            await step()
        if self.chance.random() < 0.4:
            await self._purge()
        await self._heal_and_compare()
        await self._leave()

    async def _list(self) -> None:
        await self._insists(("r",), lambda: self.person.line("title").startswith("Queues 3") and self._all_counted())
        await self._keys_work_while_nothing_answers()

    def _all_counted(self) -> bool:
        rows = [match for line in self._glance().splitlines() if (match := _ROW.match(line))]
        return len(rows) == 3 and all(row["visible"] != "–" for row in rows)

    async def _open(self) -> None:
        person = self.person
        while self.orders not in str(person.table.cursor_key):
            await person.press("j" if person.table.cursor_key is None or self.dead in person.table.cursor_key else "g")
            if self.dead in str(person.table.cursor_key):
                await person.press("j")
        await person.press("enter")
        await self._insists(("r",), lambda: "A look (p)" in person.line("cost") and "visible" in person.line("title"))
        await self._keys_work_while_nothing_answers()

    async def _peek_and_delete(self) -> None:
        person = self.person
        await self._insists(("p",), lambda: "held" in person.line("cost"))
        await self._closes_panels()
        marks = self.chance.randrange(0, 4)
        for _ in range(marks):
            await person.press("space")
        if not await self._is_asked("d", "Delete messages?"):
            return
        several = re.search(r"messages: (\d+)", person.facts)
        agreed = int(several[1]) if several else 1
        await self._says_yes("DeleteMessageBatch")
        await until(
            lambda: self._panel() or "deletes confirmed" in self._glance(), LONG, what="what came of the delete"
        )
        if panel := self._panel():
            self.said["DeleteMessageBatch"] = panel
        elif match := re.search(r"(\d+) of \d+ deletes confirmed", person.screen):
            self.deleted = int(match[1])
            self._expect(self.deleted == agreed, f"{self.deleted} deleted, {agreed} agreed to")
            self.said["DeleteMessageBatch"] = "done"
        await self._closes_panels()

    async def _send(self) -> None:
        person = self.person
        await self._closes_panels()
        await self._insists(("s",), lambda: person.line("title").startswith("Send to"))
        await person.pastes(self.body)
        for _ in range(TRIES):
            if not await self._is_asked("ctrl+s", "Send this message?"):
                break
            await self._says_yes("SendMessage")
            panel = await until(self._panel, LONG, what="what came of the send")
            self.said["SendMessage"] = "done" if "message id" in panel else panel
            await self._closes_panels()
            if self.said["SendMessage"] == "done":
                return
            if "unknown" in panel:  # nobody sends again what may have been sent
                break
        await self._is_asked("escape", "Leave the message unsent?")
        await person.says("y")
        await person.reads("title", "Queue ", LONG)

    async def _purge(self) -> None:
        await self._closes_panels()
        if not await self._is_asked("P", "Purge this queue?"):
            return
        await self.person.types(self.orders)
        await self._says_yes("PurgeQueue", key="enter")
        await until(lambda: self._panel() or "purge started" in self._glance(), LONG, what="what came of the purge")
        self.said["PurgeQueue"] = self._panel() or "done"
        await self._closes_panels()

    async def _heal_and_compare(self) -> None:
        """Once the network is well again the screen says what is so."""
        self.proxy.heal()
        person = self.person
        await person.press("escape")
        await person.sees("Queues 3", seconds=LONG)
        before = {name: len(truth) for name, truth in self.proxy.truth.items()}

        def all_true() -> bool:
            rows = {match["name"]: match for line in self._glance().splitlines() if (match := _ROW.match(line))}
            return len(rows) == 3 and all(
                len(truth := self.proxy.truth[name]) > before[name]
                and (row["visible"], row["in_flight"]) == (cell(truth[-1].visible), cell(truth[-1].in_flight))
                for name, row in rows.items()
            )

        await self._insists(("r",), all_true)

    async def _leave(self) -> None:
        if self.chance.random() < 0.5:
            await self.person.interrupts_twice()
        else:
            await self.person.press("q")
            await until(lambda: self.person.has_left or isinstance(self.person.app.screen, Question), LONG)
            if not self.person.has_left:
                await self._says_yes("quit")
        await until(lambda: self.person.has_left, LONG, what="the way out")

    def _glance(self) -> str:
        """The screen as it was a moment ago, at most: painting it for a look takes as long as for a terminal."""
        if time.monotonic() - self._glanced_at > GLANCE_AGAIN:
            self._seen, self._glanced_at = self.person.screen, time.monotonic()
            self._check_numbers(self._seen)
        return self._seen

    # -- the person -----------------------------------------------------------------------------------------------

    async def _insists(self, keys: Sequence[str], done: Any) -> None:
        """Reads what failed, presses the keys again after a moment, until it is done."""

        def is_done() -> bool:
            with suppress(LookupError):
                return not self.person.app.screen.is_modal and bool(done())
            return False

        for _ in range(TRIES):
            with suppress(AssertionError):
                await until(is_done, PATIENCE)
                return
            await self._closes_panels()
            await self.person.press(*keys)
            if keys == ("p",):
                await self._agrees_to_look()
        raise AssertionError(f"{keys} did not help {TRIES} times; the screen is\n{self.person.screen}")

    async def _is_asked(self, key: str, title: str) -> bool:
        await self.person.press(key)
        await self.person.sees(title, seconds=LONG)
        await self.person.is_asked(title)
        return True

    async def _says_yes(self, operation: str, key: str = "y") -> None:
        """Sometimes an impatient one."""
        self.agreed[operation] += 1
        await self.person.says(key)

    async def _agrees_to_look(self) -> None:
        with suppress(AssertionError):
            await until(lambda: isinstance(self.person.app.screen, Question), PATIENCE)
            await self.person.is_asked("Look into")
            await self.person.says("y")

    def _panel(self) -> str:
        """What the panel that is open says; empty where there is none."""
        screen = self.person.app.screen
        return self.person.facts if isinstance(screen, Panel) and screen.query("#dialog-facts") else ""

    async def _closes_panels(self) -> None:
        while isinstance(panel := self.person.app.screen, Panel):
            await self.person.press("escape")
            await until(lambda panel=panel: self.person.app.screen is not panel, LONG, what="the end of a panel")

    async def _keys_work_while_nothing_answers(self) -> None:
        """The filter opens and closes on the screen before any of the answers that are awaited has come."""
        async with self.proxy.holding():
            await self.person.press("r")
            await until(lambda: self.proxy.waiting, LONG, what="a call that waits")
            await self.person.press("slash")
            await self.person.sees("prefix:", seconds=LONG)
            await self.person.press("escape")
            await self.person.no_longer_sees("prefix:", LONG)
            self._expect(self.proxy.waiting > 0, "no call was waiting any more when the key was painted")

    # -- what must hold -------------------------------------------------------------------------------------------

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)

    @asynccontextmanager
    async def _numbers_watched(self) -> AsyncIterator[None]:
        async def watching() -> None:
            while not self.person.has_left:
                self._glance()
                await asyncio.sleep(GLANCE_AGAIN)

        task = asyncio.create_task(watching())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _check_numbers(self, screen: str) -> None:
        """Each count on the screen is unknown, marked as stale, or one that the emulator gave for that queue, and the
        counts of one row come from one reading."""
        if self.person.has_left or self.person.app.screen.is_modal:
            return
        for line in screen.splitlines():
            if match := _ROW.match(line):
                if "–" not in match["visible"] and "~" not in match["visible"]:
                    pair = _number(match["visible"]), _number(match["in_flight"])
                    true = {(counts.visible, counts.in_flight) for counts in self.proxy.truth[match["name"]]}
                    self._expect(pair in true, f"{pair} was never true: {line!r}, but {sorted(true)}")
                if match["name"] == self.orders and self.has_dead_letters and match["dlq"]:
                    dead = {counts.visible for counts in self.proxy.truth[self.dead]}
                    self._expect(int(match["dlq"]) in dead, f"the DLQ's count was never true: {line!r}, but {dead}")
            elif match := _TITLE.search(line):
                shown = Counts(int(match["visible"]), int(match["in_flight"]), int(match["delayed"]))
                self._expect(shown in self.proxy.truth[match["name"]], f"{shown} was never true: {line!r}")

    def _check_changes(self, audit: list[dict[str, Any]]) -> None:
        """Nothing was sent to the emulator more often than somebody agreed to, and what was said of it is so."""
        for operation in ("SendMessage", "DeleteMessageBatch", "PurgeQueue"):
            arrived, agreed = len(self.proxy.of(operation)), self.agreed[operation]
            self._expect(arrived == agreed, f"{operation}: agreed to {agreed} times, sent {arrived} times")
            intents = [entry for entry in audit if (entry["operation"], entry["entry"]) == (operation, "intent")]
            outcomes = [entry for entry in audit if (entry["operation"], entry["entry"]) == (operation, "outcome")]
            self._expect(len(intents) == len(outcomes) == agreed, f"{operation}: the audit log has {len(intents)}")
            said, acted = self.said.get(operation), self.proxy.acted(operation)
            if said == "done":
                self._expect(acted == 1, f"{operation}: said to be done, and was {acted} times")
            elif said and "unknown" not in said:
                self._expect(acted == 0, f"{operation}: said to have failed, and was done: {said}")
        defects = [notice.text for notice in self.person.app.notices if "defect" in notice.text]
        self._expect(not defects, f"{defects}")

    def _check_emulator(self, client: Any) -> None:
        """Nothing is lost, nothing is there twice, and nothing is hidden of which nobody was told."""
        url = client.get_queue_url(QueueName=self.orders)["QueueUrl"]
        found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        visible = int(found["ApproximateNumberOfMessages"])
        hidden = int(found["ApproximateNumberOfMessagesNotVisible"])
        if not self.proxy.acted("PurgeQueue"):
            gone = sum(len(p.params["Entries"]) for p in self.proxy.of("DeleteMessageBatch") if p.acted)
            expected = MESSAGES + self.proxy.acted("SendMessage") - gone
            self._expect(visible + hidden == expected, f"{visible + hidden} messages are there, not {expected}")
        lost = sum(
            len((p.answer or {}).get("Messages", ())) for p in self.proxy.of("ReceiveMessage") if not p.arrived_back
        )
        named = sum(
            _named(text)
            for text in (*(n.text for n in self.person.app.notices if n.kind == "lease"), *self.person.app.left_undone)
        )
        self._expect(
            hidden <= lost + named, f"{hidden} are hidden, but {lost} answers were lost and {named} were named"
        )
        for name in (self.orders, self.dead, self.other):
            client.delete_queue(QueueUrl=client.get_queue_url(QueueName=name)["QueueUrl"])


def _named(text: str) -> int:
    """How many messages a line says to be hidden still."""
    if many := re.match(r"([\d,]+) of \S+ not given back", text):
        return int(many[1].replace(",", ""))
    return int("visible again in" in text)

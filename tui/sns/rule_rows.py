"""The rules of a filter policy, each with what it says of the test message."""

from dataclasses import dataclass

from connectors.sns.filter_policy import FilterMessage, FilterPolicy, Verdict
from tui.sns.receiver_words import STYLES
from widgets.line import Part, Yield
from widgets.table.columns import Column

_WORDS = {Verdict.DELIVER: "yes", Verdict.FILTERED: "no", Verdict.UNKNOWN: "can't tell"}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """The rules of one key. `reason` says why they don't surely take the message; `verdict` is empty where there is no
    message to try them on."""

    number: int
    path: str
    rule: str
    verdict: str = ""
    reason: str = ""

    @property
    def key(self) -> str:
        return str(self.number)


def rule_rows(policy: FilterPolicy, message: FilterMessage, *, tried: bool) -> list[RuleRow]:
    """A row for each key of the policy, in its order. `tried` is False where nobody wrote a message yet."""
    verdicts = policy.by_rule(message)
    if not tried:
        return [RuleRow(number, each.path, each.rule) for number, each in enumerate(verdicts)]
    reasons: dict[tuple[str, str], str] = {}
    for reason in policy.judge(message).reasons:
        reasons.setdefault((reason.path, reason.rule), str(reason))
    return [
        RuleRow(number, each.path, each.rule, _WORDS[each.verdict], reasons.get((each.path, each.rule), ""))
        for number, each in enumerate(verdicts)
    ]


def _verdict(row: RuleRow) -> str:
    return row.verdict or "·"


COLUMNS: tuple[Column[RuleRow], ...] = (
    Column("verdict", "takes it", _verdict, style=lambda row: STYLES.get(row.verdict, "muted"), width=10),
    Column("path", "key", lambda row: row.path, width=18, grow=1),
    Column("rule", "rule", lambda row: row.rule, width=20, grow=3, sortable=False),
)


def reason_parts(row: RuleRow) -> list[Part]:
    """One line on the rule under the cursor: why it doesn't take the message, else the whole rule."""
    if row.reason:
        return [Part(f" {row.reason}", STYLES.get(row.verdict, ""), Yield.SHORTEN)]
    return [Part(f" {row.path}: {row.rule}", "muted", Yield.SHORTEN)]

"""Whether SNS delivers a message to a subscription with a filter policy, and why not.

It goes by what AWS publishes in the Developer Guide of SNS and by what others recorded on AWS. Where these leave
something open the verdict is `UNKNOWN`, with the reason: it is never guessed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from connectors.sns.filter_policy.clauses import ABSENT, Clause, Finding, value_shown
from connectors.sns.filter_policy.matching import Match
from connectors.sns.filter_policy.message import FilterMessage, Unreadable, unescaped


class Scope(StrEnum):
    """What a policy looks at, as the subscription's attribute FilterPolicyScope has it."""

    ATTRIBUTES = "MessageAttributes"
    BODY = "MessageBody"


class Verdict(StrEnum):
    DELIVER = "deliver"
    FILTERED = "filtered"
    UNKNOWN = "unknown"


_VERDICTS = {Match.YES: Verdict.DELIVER, Match.NO: Verdict.FILTERED, Match.UNKNOWN: Verdict.UNKNOWN}
_OTHER_PLACE = {
    Scope.ATTRIBUTES: "(this policy looks at attributes; the body has it)",
    Scope.BODY: "(this policy looks at the body; the attributes have it)",
}
_LONGEST_PATH = 100
"""Characters in the text of a reason."""
_DOUBLE_ESCAPES = '(a policy on attributes must escape " and \\ twice)'


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message is not surely delivered.

    `rule` has the rules at `path` as the policy writes them, `value` what the message has there, as JSON. They are
    empty where the reason is of the whole message, or nothing is there.
    """

    text: str
    path: str = ""
    rule: str = ""
    value: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What the rules of one key say: `DELIVER` where they take what the message has at `path`."""

    path: str
    rule: str
    verdict: Verdict


class Judgement:
    """A verdict on one message. Its reasons are put into words when they are asked for."""

    __slots__ = ("_message", "_policy", "verdict")

    def __init__(self, verdict: Verdict, policy: "FilterPolicy", message: FilterMessage) -> None:
        self.verdict = verdict
        self._policy = policy
        self._message = message

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Empty for `DELIVER`. For `FILTERED` each says what alone keeps the message away, or is a branch of an `$or`;
        for `UNKNOWN` each says what is open."""
        return self._policy._reasons(self.verdict, self._message)


class FilterPolicy:
    """A policy that was checked. One without a rule takes every message."""

    def __init__(self, scope: Scope, clause: Clause | None) -> None:
        self.scope = scope
        self._clause = clause

    def judge(self, message: FilterMessage) -> Judgement:
        return Judgement(_VERDICTS[self._match(message)], self, message)

    def by_rule(self, message: FilterMessage) -> tuple[RuleVerdict, ...]:
        """What each key's rules say of `message`, by themselves: an `$or` needs only one of its branches."""
        if self._clause is None:
            return ()
        content = message.compared if self.scope is Scope.ATTRIBUTES else message.content
        matches = self._clause.leaf_matches(content or {})
        if self.scope is Scope.BODY and message.structure_json:
            matches = [(path, rule, Match.UNKNOWN) for path, rule, _ in matches]
        elif content is None or (self.scope is Scope.ATTRIBUTES and not content):
            whole = self._match(message)
            matches = [(path, rule, match if match is Match.NO else whole) for path, rule, match in matches]
        return tuple(RuleVerdict(path, rule, _VERDICTS[match]) for path, rule, match in matches)

    def _match(self, message: FilterMessage) -> Match:
        if self._clause is None:
            return Match.YES
        if self.scope is Scope.ATTRIBUTES:
            if message.compared:
                return self._clause.judge(message.compared)
            if message.attributes and self._clause.judge({}) is not Match.NO:
                return Match.UNKNOWN
            return Match.NO
        if message.structure_json:
            return Match.UNKNOWN
        return Match.NO if message.content is None else self._clause.judge(message.content)

    def _reasons(self, verdict: Verdict, message: FilterMessage) -> tuple[Reason, ...]:
        if self._clause is None or verdict is Verdict.DELIVER:
            return ()
        if self.scope is Scope.BODY and message.structure_json:
            return (Reason("with MessageStructure json AWS does not say which text a policy on the body looks at"),)
        if self.scope is Scope.BODY and message.content is None:
            return (Reason(message.fault),)
        if self.scope is Scope.ATTRIBUTES and not message.compared and verdict is Verdict.UNKNOWN:
            return (Reason("all attributes are Binary: AWS does not say whether `exists: false` takes that"),)
        content = message.compared if self.scope is Scope.ATTRIBUTES else message.content
        wanted = Match.NO if verdict is Verdict.FILTERED else Match.UNKNOWN
        findings = self._clause.findings(content or {})
        reasons = [self._reason(finding, message) for finding in findings if finding.match is wanted]
        if self.scope is Scope.ATTRIBUTES and not message.attributes:
            reasons.insert(0, Reason("the message has no attributes (a policy on attributes then never matches)"))
        return tuple(dict.fromkeys(reasons))

    def _reason(self, finding: Finding, message: FilterMessage) -> Reason:
        path, value = finding.path, finding.value
        name = path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"
        if value is ABSENT:
            on_attributes = self.scope is Scope.ATTRIBUTES
            text = f"no attribute {name}" if on_attributes else f"no key {name} in the body"
            if _is_there(path, (message.content or {}) if on_attributes else message.attributes):
                text += f" {_OTHER_PLACE[self.scope]}"
            elif on_attributes and path in message.attributes:
                text += " (it is Binary, which SNS ignores here)"
            return Reason(text, path, finding.source)
        if self.scope is Scope.ATTRIBUTES and not isinstance(value, Unreadable):
            plain = _unescaped(value)
            text = f"{name}: {value_shown(plain)} {finding.text}"
            if plain != value and finding.match is Match.NO:
                text += f" {_DOUBLE_ESCAPES}"
            return Reason(text, path, finding.source, value_shown(plain))
        return Reason(f"{name}: {value_shown(value)} {finding.text}", path, finding.source, value_shown(value))


def _unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return unescaped(value)
    return [_unescaped(element) for element in value] if isinstance(value, list) else value


def _is_there(path: str, content: Any) -> bool:
    """Whether `content` has something at `path`, as one name or as names of objects in each other."""
    if path in content:
        return True
    for name in path.split("."):
        if not isinstance(content, dict) or name not in content:
            return False
        content = content[name]
    return True

"""A filter policy made ready to be judged by: a clause holds what must all be true of one object of a message.

A clause goes no deeper than the policy does, which `check.py` bounds; arrays in a message may be of any depth.
"""

from dataclasses import dataclass
from typing import Any

from connectors.sns.filter_policy.matching import Match, best
from connectors.sns.filter_policy.message import Unreadable
from connectors.sns.filter_policy.rules import AnythingBut, Numbers, Rule, Texts, Undecided, Words, shown

_MOST_ELEMENTS_NAMED = 3


class Absent:
    """In place of the value of a key that is not there."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Finding:
    """Why the rules at `path` do not surely take the message: `value` is what it has there, or `ABSENT`."""

    match: Match
    path: str
    source: str
    value: Any
    text: str
    """What is wrong with the value, without the path."""


def flat(values: list[Any]) -> list[Any]:
    """The values of an array, and of the arrays in it."""
    if not any(type(value) is list for value in values):
        return values
    found: list[Any] = []
    waiting = values[::-1]
    while waiting:
        value = waiting.pop()
        if type(value) is list:
            waiting += value[::-1]
        else:
            found.append(value)
    return found


class Leaf:
    """The rules of one key, of which one must take the value. `source` is their text in the policy."""

    __slots__ = ("_all", "exact_texts", "exists", "negated", "rules", "source", "takes_absence")

    def __init__(self, rules: tuple[Rule, ...], source: str, *, exists: bool = False, absent: bool = False) -> None:
        self.exact_texts = frozenset(text for rule in rules if isinstance(rule, Texts) for text in rule.values)
        self._all = rules
        self.rules = tuple(rule for rule in rules if not isinstance(rule, AnythingBut | Undecided))
        self.negated = tuple(rule for rule in rules if isinstance(rule, AnythingBut | Undecided))
        self.exists = exists
        self.takes_absence = absent
        self.source = source

    def judge(self, value: Any) -> Match:
        if type(value) is str and value in self.exact_texts:
            return Match.YES
        if value is ABSENT:
            return Match.YES if self.takes_absence else Match.NO
        if type(value) is list:
            return self._judge_values(flat(value))
        if isinstance(value, Unreadable):
            return Match.UNKNOWN if self.exists or self.takes_absence or self.negated else value.match
        if type(value) is dict or self.exists or self.takes_absence:
            return self._judge_values([value])
        if len(self._all) == 1:
            return self._all[0].test(value)
        return best([rule.test(value) for rule in self._all])

    def _judge_values(self, values: list[Any]) -> Match:
        # an object is no value: its own keys are, and rules look at values only
        scalars = [value for value in values if type(value) is not dict]
        something = [value for value in scalars if value is not None and value != ""]
        if self.exists and something:
            return Match.YES
        # `exists: true` wants a value that is neither null nor empty; that `exists: false` takes such a one is not said
        found = Match.UNKNOWN if self.takes_absence and not something else Match.NO
        for rule in self.rules:
            for value in scalars:
                match = rule.test(value)
                if match is Match.YES:
                    return match
                if match is Match.UNKNOWN:
                    found = match
        for rule in self.negated:
            if not scalars:
                break
            matches = {rule.test(value) for value in scalars}
            if matches == {Match.YES}:
                return Match.YES
            if matches != {Match.NO}:
                found = Match.UNKNOWN
        return found

    def finding(self, path: str, value: Any) -> Finding | None:
        """Why `value` is not surely taken; None where it is."""
        match = self.judge(value)
        if match is Match.YES:
            return None
        return Finding(match, path, self.source, value, self._words(match, value))

    def _words(self, match: Match, value: Any) -> str:
        if value is ABSENT:
            return "is not there"
        if isinstance(value, Unreadable):
            return value.why
        values = flat(value) if type(value) is list else [value]
        scalars = [value for value in values if type(value) is not dict]
        something = [value for value in scalars if value is not None and value != ""]
        if match is Match.UNKNOWN:
            return self._open_words(value, scalars, something)
        if not scalars:
            return "has no values" if type(value) is list else "is an object, and its own keys are not in the policy"
        misses = [rule.miss(_telling(rule, scalars)) for rule in (*self.rules, *self.negated)]
        if self.exists:
            misses.append("is null or empty (the policy wants something there)")
        if self.takes_absence:
            misses.append("is there (the policy wants that it is not)")
        return " and ".join(misses)

    def _open_words(self, value: Any, scalars: list[Any], something: list[Any]) -> str:
        if self.takes_absence and not something:
            return "is null, empty or an object, of which AWS does not say whether `exists: false` takes it"
        for rule in self.negated:
            if isinstance(rule, Undecided):
                return rule.miss(value)
            if len({rule.test(scalar) for scalar in scalars}) > 1:
                return "has values that anything-but excludes and others: AWS's documents disagree on that"
        return "is beyond ±1e9, or five decimals are too few to decide: AWS does not say how it is compared"


def _telling(rule: Rule, scalars: list[Any]) -> Any:
    """Of several values the one whose type the rule is about, so that the words name the value and not its type."""
    if len(scalars) == 1:
        return scalars[0]
    wanted = (int, float) if isinstance(rule, Numbers) else (bool,) if isinstance(rule, Words) else (str,)
    return next((value for value in scalars if type(value) in wanted), scalars[0])


class Clause:
    """What must all be true of an object: rules by key, clauses by key of an object within, and of each `$or` one."""

    __slots__ = ("choices", "inner", "leaves", "looks_for_absence")

    def __init__(
        self,
        leaves: tuple[tuple[str, Leaf], ...],
        inner: tuple[tuple[str, "Clause"], ...] = (),
        choices: tuple[tuple["Clause", ...], ...] = (),
    ) -> None:
        self.leaves = leaves
        self.inner = inner
        self.choices = choices
        self.looks_for_absence: bool = (
            any(leaf.takes_absence for _, leaf in leaves)
            or any(clause.looks_for_absence for _, clause in inner)
            or any(clause.looks_for_absence for choice in choices for clause in choice)
        )

    def judge(self, content: dict[str, Any]) -> Match:
        found = Match.YES
        get = content.get
        for name, leaf in self.leaves:
            value = get(name, ABSENT)
            if type(value) is str and value in leaf.exact_texts:
                continue
            match = leaf.judge(value)
            if match is Match.NO:
                return match
            if match is Match.UNKNOWN:
                found = match
        for name, clause in self.inner:
            match = clause.judge_value(get(name, ABSENT))
            if match is Match.NO:
                return match
            if match is Match.UNKNOWN:
                found = match
        for choice in self.choices:
            match = best([clause.judge(content) for clause in choice])
            if match is Match.NO:
                return match
            if match is Match.UNKNOWN:
                found = match
        return found

    def judge_value(self, value: Any) -> Match:
        """What the clause says where an object should stand. Of an array one object must be taken; that two objects may
        do it together, or that a key may be absent in one of them only, is nowhere published."""
        if type(value) is dict:
            return self.judge(value)
        objects = _objects(value)
        if not objects:
            return self.judge({})
        if self.looks_for_absence:
            matches = {self.judge(element) for element in objects}
            if len(matches) > 1:
                return Match.UNKNOWN
            [found] = matches
        else:
            found = Match.NO
            for element in objects:
                match = self.judge(element)
                if match is Match.YES:
                    return match
                if match is Match.UNKNOWN:
                    found = match
        if found is Match.NO and len(objects) > 1 and self._taken_together(objects):
            return Match.UNKNOWN
        return found

    def _taken_together(self, objects: list[dict[str, Any]]) -> bool:
        """Whether each part of the clause is taken by some of `objects`."""
        parts = [Clause((leaf,)) for leaf in self.leaves]
        parts += [Clause((), (inner,)) for inner in self.inner]
        parts += [Clause((), (), (choice,)) for choice in self.choices]
        return len(parts) > 1 and all(
            best([part.judge(element) for element in objects]) is not Match.NO for part in parts
        )

    def leaf_matches(self, content: dict[str, Any], path: str = "") -> list[tuple[str, str, Match]]:
        """Of each key with rules its path, the rules' text in the policy, and what they say; those of `$or` last."""
        found = [(path + name, leaf.source, leaf.judge(content.get(name, ABSENT))) for name, leaf in self.leaves]
        for name, clause in self.inner:
            objects = _objects(content.get(name, ABSENT)) or [{}]
            of_objects = [clause.leaf_matches(element, f"{path}{name}.") for element in objects]
            found += [
                (leaves[0][0], leaves[0][1], best([match for _, _, match in leaves]))
                for leaves in zip(*of_objects, strict=True)
            ]
        for choice in self.choices:
            for clause in choice:
                found += clause.leaf_matches(content, path)
        return found

    def findings(self, content: dict[str, Any], path: str = "") -> list[Finding]:
        """All that keeps `content` from being surely taken."""
        found = [leaf.finding(path + name, content.get(name, ABSENT)) for name, leaf in self.leaves]
        findings = [finding for finding in found if finding is not None]
        for name, clause in self.inner:
            findings += clause.value_findings(content.get(name, ABSENT), path + name)
        for choice in self.choices:
            if best([clause.judge(content) for clause in choice]) is not Match.YES:
                for clause in choice:
                    findings += clause.findings(content, path)
        return findings

    def value_findings(self, value: Any, path: str) -> list[Finding]:
        match = self.judge_value(value)
        if match is Match.YES:
            return []
        objects = _objects(value)
        if len(objects) > 1 and match is Match.UNKNOWN:
            text = f"no object of {len(objects):,} alone decides: AWS does not say whether they may do it together"
            return [Finding(match, path, "", value, text)]
        if len(objects) > 1:
            return [
                finding
                for index, element in enumerate(objects[:_MOST_ELEMENTS_NAMED])
                for finding in self.findings(element, f"{path}[{index}].")
            ]
        return self.findings(objects[0] if objects else {}, f"{path}.")


def _objects(value: Any) -> list[dict[str, Any]]:
    """The object that `value` is, or the objects that an array has."""
    if type(value) is dict:
        return [value]
    return [element for element in flat(value) if type(element) is dict] if type(value) is list else []


def value_shown(value: Any) -> str:
    """The value of a finding for a line of text; empty where there is none."""
    if value is ABSENT:
        return ""
    return shown(value.value if isinstance(value, Unreadable) else value)

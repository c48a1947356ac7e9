"""Answers bent out of form: one member at a time gets another JSON type, is null or is not there."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.support.stub import SqsStub
from tests.support.topics import SnsModel
from tests.support.wire import Reply, Request

Path = tuple[str | int, ...]
Bend = Callable[[Any, str | int], None]


def _set(value: Any) -> Bend:
    def bend(parent: Any, key: str | int) -> None:
        parent[key] = copy.deepcopy(value)

    return bend


def _remove(parent: Any, key: str | int) -> None:
    if not isinstance(parent, dict) or key in parent:
        del parent[key]


def _repeat(parent: Any, key: str | int) -> None:
    """In XML `<Arn >` and `<Arn>` are the same element: it comes twice."""
    if isinstance(key, str):
        parent[f"{key} "] = parent[key]


WRONG_JSON: dict[str, Bend] = {
    "absent": _remove,
    "null": _set(None),
    "0": _set(0),
    "3": _set(3),
    "-1.5": _set(-1.5),
    "a huge number": _set(10**400),
    "infinite": _set(float("inf")),
    "true": _set(True),
    "an empty text": _set(""),
    "a text": _set("half \ud83d \x1b[2J"),
    "an empty list": _set([]),
    "a list": _set(["x", None, {"a": 1}]),
    "an empty object": _set({}),
    "an object": _set({"a": [1]}),
    "deep": _set([[[[[[[[{"a": [[[[None]]]]}]]]]]]]]),
}
WRONG_XML: dict[str, Bend] = {
    "absent": _remove,
    "empty": _set(""),
    "a text": _set("x"),
    "elements": _set({"a": "1", "b": {"c": "2"}}),
    "a list": _set(["x", "y"]),
    "twice": _repeat,
}


def paths(members: Any, path: Path = ()) -> Iterator[Path]:
    """The way to every member of an answer; of a list to the first entry, with those in it."""
    entries = enumerate(members[:1]) if isinstance(members, list) else members.items()
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))


def everywhere(members: Any, bend: Bend) -> None:
    """Bends every member of `members` that has no members of its own, all at once."""
    for key, value in [*(enumerate(members) if isinstance(members, list) else members.items())]:
        if isinstance(value, dict | list):
            everywhere(value, bend)
        else:
            bend(members, key)


def bent_answer(stub: SqsStub, path: Path, bend: Bend) -> Callable[[Request], Reply]:
    """The model's own answer with the member at `path` bent."""

    def answering(request: Request) -> Reply:
        model = stub.sns if request.operation in SnsModel.OPERATIONS else stub.model
        reply = model.reply(request)
        members = copy.deepcopy(reply.answer)
        parent: Any = members
        for key in path[:-1]:
            parent = parent[key]
        bend(parent, path[-1])
        return replace(reply, answer=members)

    return answering

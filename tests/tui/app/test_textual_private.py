"""Private names of Textual stand in one file, so that a new version of Textual is checked against that file."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import tui
import widgets
from tui.app import textual_private


def modules() -> Iterator[ModuleType]:
    for package in (tui, widgets):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name != textual_private.__name__:
                yield importlib.import_module(found.name)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@cache
def names_of(kind: type) -> frozenset[str]:
    """The private names that a class and its instances have, without those of its bases."""
    [definition] = ast.parse(inspect.getsource(kind)).body
    assert isinstance(definition, ast.ClassDef)
    names = {node.name for node in definition.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(definition):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_self(node.value):
            names.add(node.attr)
    for node in definition.body:
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            if isinstance(target, ast.Name):
                names.add(target.id)
    return frozenset(name for name in names if is_private(name))


def is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def read_in(part: ModuleType | type) -> set[str]:
    """The private attributes that are read there, of any object but `os`."""
    return {
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(part)))
        if isinstance(node, ast.Attribute)
        and is_private(node.attr)
        and not (isinstance(node.value, ast.Name) and node.value.id == "os")
    }


def classes() -> list[type]:
    return [
        kind
        for module in modules()
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    ]


def test_no_other_module_imports_a_private_name_of_textual() -> None:
    found = [
        (module.__name__, name)
        for module in modules()
        for name in imported(ast.parse(inspect.getsource(module)))
        if name.startswith("textual.") and any(is_private(part) for part in name.split("."))
    ]
    assert found == []


def test_no_other_module_reads_a_private_name_that_no_class_of_ours_has() -> None:
    ours = frozenset[str]().union(*map(names_of, classes()))
    assert {module.__name__: names for module in modules() if (names := read_in(module) - ours)} == {}


def test_no_class_has_or_reads_a_private_name_of_its_base_in_textual() -> None:
    """A clash by chance counts too: a widget breaks whose private name is one of Textual's."""
    found = {
        (kind.__qualname__, base.__qualname__): names
        for kind in classes()
        for base in kind.__mro__
        if base.__module__.startswith("textual.") and (names := (names_of(kind) | read_in(kind)) & names_of(base))
    }
    assert found == {}

"""Shapes of the AWS files, as `sluice get queues` meets them: one line, an exit code, and no secret.

They run in the test's own process: the command takes a second to start, and there are many shapes.
"""

from pathlib import Path

import pytest

from tests.support.command import one_line, run, run_here
from tests.support.stub import SqsStub
from tests.tui.cli.shapes import answers, helpers, providers, settings
from tests.tui.cli.shapes.shape import SECRET, Shape, lay_out

SHAPES = {
    **settings.SECTIONS,
    **settings.FILES,
    **settings.TARGETS,
    **answers.SECRET_BEARING,
    **answers.REFUSED,
    **helpers.PROCESS,
    **providers.LOGGED,
    **providers.SSO_SHAPES,
    **providers.ROLES,
    **providers.ENVIRONMENT,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_shape_of_the_aws_files_takes_one_line_that_names_it(
    shape: Shape, stub: SqsStub, isolated_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = lay_out(shape, stub, isolated_machine, monkeypatch)
    ran = run_here("get", "queues", *shape.options)
    line = one_line(ran, shape.code)
    assert all(word in line for word in words), line
    assert not {"\x1b", "\u202e"} & {*line}
    assert "Traceback" not in line
    assert SECRET not in line
    if shape.code == 2:
        assert stub.requests == []


CHECKED = {
    name: shape
    for name, shape in {**settings.SECTIONS, **settings.TARGETS}.items()
    if shape.options and not shape.environment
}


@pytest.mark.parametrize("shape", CHECKED.values(), ids=CHECKED.keys())
def test_the_check_of_the_configuration_names_it_too(
    shape: Shape, stub: SqsStub, isolated_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = lay_out(shape, stub, isolated_machine, monkeypatch)
    file = isolated_machine / "config.toml"
    file.write_text('profile = "x"')
    line = one_line(run_here("config", "check", "--config", str(file)), 2)
    assert all(word in line for word in words if word != "settings"), line
    assert SECRET not in line


def test_what_libraries_log_stays_off_the_terminal(
    stub: SqsStub, isolated_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(providers.LOGGED["expired SSO login"], stub, isolated_machine, monkeypatch)
    assert "SSO login" in one_line(run("get", "queues", "--profile", "x"), 1)

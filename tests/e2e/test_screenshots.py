"""The pictures of the README are the same bytes each time and on every machine, and show what sluice shows today."""

import os
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def drawing(folder: Path, **environ: str) -> "subprocess.Popen[str]":
    folder.mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "screenshots", str(folder)],
        cwd=HOUSE,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_pictures_of_the_readme_are_up_to_date_and_tell_nothing_of_the_machine(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    runs = [
        drawing(here),
        drawing(elsewhere, TZ="Asia/Tokyo", LANG="C", NO_COLOR="1", TERM="screen", AWS_PROFILE="secret-profile"),
    ]
    for run in runs:
        errors = run.communicate(timeout=120)[1]
        assert run.returncode == 0, errors

    kept = HOUSE / "screenshots"
    names = sorted(path.name for path in here.iterdir())
    assert len(names) >= 10
    assert names == sorted(path.name for path in kept.glob("*.svg"))
    for name in names:
        drawn = (here / name).read_bytes()
        assert drawn == (elsewhere / name).read_bytes(), name
        for told in (str(tmp_path), str(HOUSE), str(Path.home()), "secret-profile"):
            assert told.encode() not in drawn, f"{told} in {name}"
    stale = [name for name in names if (here / name).read_bytes() != (kept / name).read_bytes()]
    assert not stale, f"`make screenshots` draws them anew: {', '.join(stale)}"

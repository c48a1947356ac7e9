"""The pictures of the README are the same bytes each time and on every machine, and show what sluice shows today."""

import os
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def test_pictures_of_the_readme_are_up_to_date_and_tell_nothing_of_the_machine(tmp_path: Path) -> None:
    """They are drawn on a machine that is not like any on which somebody would draw those of the README."""
    elsewhere = {"TZ": "Asia/Tokyo", "LANG": "C", "NO_COLOR": "1", "TERM": "screen", "AWS_PROFILE": "secret-profile"}
    folder = tmp_path / "drawn"
    folder.mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "screenshots", str(folder)],
        cwd=HOUSE,
        env={**os.environ, **elsewhere},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    drawn = {path.name: path.read_bytes() for path in folder.iterdir()}
    kept = {path.name: path.read_bytes() for path in (HOUSE / "screenshots").glob("*.svg")}
    assert len(drawn) >= 10
    assert drawn.keys() == kept.keys()
    for name, picture in drawn.items():
        for told in (str(tmp_path), str(HOUSE), str(Path.home()), "secret-profile"):
            assert told.encode() not in picture, f"{told} in {name}"
    stale = [name for name in drawn if drawn[name] != kept[name]]
    assert not stale, f"`make screenshots` draws them anew: {', '.join(sorted(stale))}"

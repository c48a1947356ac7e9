"""The configuration file is strict, and the environment outranks it."""

from pathlib import Path

import msgspec
import pytest

from connectors.errors import ConnectorError, Step
from tests.support.command import run
from tui.config import file as config


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return file


def complaint(tmp_path: Path, text: str) -> str:
    file = written(tmp_path, text)
    with pytest.raises(ConnectorError) as caught:
        config.load(file)
    assert caught.value.step is Step.SETTINGS
    assert str(file) in str(caught.value)
    return str(caught.value)


def test_every_known_key_is_read(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'profile = "checkout"\nregion = "eu-west-1"\nendpoint_url = "http://localhost:4566"\n'
        'read_only = true\nno_look = true\ntheme = "nord"\nlow_bandwidth = false\n[keys]\n"app.help" = "f1"\n',
    )
    loaded = config.load(file)
    assert loaded == config.Config(
        "checkout", "eu-west-1", "http://localhost:4566", True, True, "nord", False, {"app.help": "f1"}
    )


def test_an_unknown_key_names_file_key_and_the_nearest_known_one(tmp_path: Path) -> None:
    said = complaint(tmp_path, 'proflie = "checkout"\n')
    assert "'proflie'" in said
    assert "'profile'" in said


def test_a_key_that_is_like_none_lists_those_there_are(tmp_path: Path) -> None:
    said = complaint(tmp_path, "zzz = 1\n")
    assert all(key in said for key in ("profile", "region", "endpoint_url", "read_only", "no_look", "theme"))


@pytest.mark.parametrize(
    ("text", "key"), [('read_only = "yes"', "read_only"), ("profile = 3", "profile"), ("theme = []", "theme")]
)
def test_a_value_of_the_wrong_type_names_its_key(tmp_path: Path, text: str, key: str) -> None:
    assert f"'{key}'" in complaint(tmp_path, text)


def test_the_mark_that_windows_editors_put_before_utf_8_is_no_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('profile = "größe"\r\n', encoding="utf-8-sig", newline="")
    assert config.load(file).profile == "größe"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_called_that(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("\ufeffprofile = 'a'\r\n".encode(encoding))
    with pytest.raises(ConnectorError, match=r"config\.toml is written in UTF-16\. Try: save it as UTF-8"):
        config.load(file)


@pytest.mark.parametrize("text", ["profile = ", "= 3", "[[[", 'profile = "a"\nprofile = "b"'])
def test_what_is_not_toml_says_so(tmp_path: Path, text: str) -> None:
    assert "is not valid TOML" in complaint(tmp_path, text)


def test_bytes_that_are_no_text_are_no_toml(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'profile = "\xff\xfe"')
    with pytest.raises(ConnectorError, match="is not valid TOML"):
        config.load(file)


def test_without_a_file_in_its_usual_place_nothing_is_set() -> None:
    assert config.load(None) == config.Config()


def test_the_file_in_its_usual_place_is_read(isolated_machine: Path) -> None:
    file = config.default_path()
    assert isolated_machine in file.parents
    file.parent.mkdir(parents=True)
    file.write_text('region = "eu-west-1"')
    assert config.load(None).region == "eu-west-1"


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match="there is no file"):
        config.load(tmp_path / "gone.toml")
    with pytest.raises(ConnectorError, match="can't be read"):
        config.load(tmp_path)


LOADED = config.Config(profile="file", region="file", endpoint_url="http://file:1")


@pytest.mark.parametrize(
    ("variable", "field"),
    [
        ("AWS_PROFILE", "profile"),
        ("AWS_DEFAULT_PROFILE", "profile"),
        ("AWS_REGION", "region"),
        ("AWS_DEFAULT_REGION", "region"),
        ("AWS_ENDPOINT_URL", "endpoint_url"),
        ("AWS_ENDPOINT_URL_SQS", "endpoint_url"),
    ],
)
def test_the_environment_outranks_the_file(variable: str, field: str) -> None:
    assert getattr(config.request(LOADED, environ={}), field) is not None
    asked = config.request(LOADED, environ={variable: "from the environment"})
    assert getattr(asked, field) is None  # left to the environment, which botocore reads by its own rules
    others = {"profile", "region", "endpoint_url"} - {field}
    assert all(getattr(asked, name) for name in others)


def test_an_option_outranks_both() -> None:
    asked = config.request(LOADED, profile="option", region="option", environ={"AWS_PROFILE": "x", "AWS_REGION": "x"})
    assert (asked.profile, asked.region) == ("option", "option")


def test_no_layer_takes_read_only_away() -> None:
    protected = config.Config(read_only=True, no_look=True)
    asked = config.request(protected, read_only=False, no_look=False, environ={})
    assert asked.read_only
    assert asked.no_look
    assert config.request(config.Config(), read_only=True, environ={}).read_only


# -- config check -----------------------------------------------------------------------------------------------------


def test_a_file_that_is_right_is_called_so(tmp_path: Path) -> None:
    file = written(tmp_path, 'region = "eu-west-1"\ntheme = "nord"\nlow_bandwidth = true\n[keys]\n"app.help" = "f1"\n')
    ran = run("config", "check", "--config", str(file))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"OK: {file}\n", "")
    assert run("--config", str(file), "config", "check").stdout == f"OK: {file}\n"


def test_without_a_file_the_defaults_are_right() -> None:
    ran = run("config", "check")
    assert ran.returncode == 0
    assert ran.stdout.startswith("OK: no file; defaults (")


def test_every_problem_of_a_file_is_named_in_a_line_of_its_own(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'proflie = "x"\nprofile = "nobody"\nregion = "eu-wst-1"\nendpoint_url = "localhost:4566"\nread_only = "yes"\n'
        'theme = "nrod"\n[keys]\n"queue.peek" = "s"\n"app.hlep" = "f1"\n"app.log" = 3\n',
    )
    ran = run("config", "check", "--config", str(file))
    assert (ran.returncode, ran.stdout) == (2, "")
    lines = ran.stderr.splitlines()
    wanted = (
        *("'proflie'", "'read_only'", "'nobody'", "eu-west-1", "localhost:4566", "nord"),
        *("s is both queue.peek and queue.send", "'app.help'", "app.log takes a text"),
    )
    assert all(any(word in line for line in lines) for word in wanted), ran.stderr
    assert all(line.startswith("sluice: ") and str(file) in line for line in lines), ran.stderr


class Caches(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    urls: list[str] = []


def test_the_table_of_a_service_is_checked_by_what_it_declares(tmp_path: Path) -> None:
    file = written(tmp_path, 'read_only = true\n[caches]\nurls = ["redis://localhost"]\n')
    loaded, problems = config.read(file, {"caches": Caches})
    assert (loaded.sections, loaded.read_only, problems) == ({"caches": Caches(["redis://localhost"])}, True, [])
    assert config.Config().sections == {}
    for text, said in (
        ("urls = [3]", "'caches': Expected `str`"),
        ("url = 3", "unknown field `url`"),
        ("", "'caches'"),
    ):
        wrong = f"[caches]\n{text}\n" if text else "caches = 3\n"
        loaded, problems = config.read(written(tmp_path, wrong), {"caches": Caches})
        assert loaded.sections == {}
        assert said in str(problems[0])
    _, problems = config.read(written(tmp_path, "[cachs]\n"), {"caches": Caches})
    assert "'caches'" in str(problems[0])

"""Helpers: what a `credential_process` does."""

from tests.tui.cli.shapes.shape import ROLE, SECRET, Shape


def helper(script: str, *words: str) -> Shape:
    """A profile whose credential_process runs `script`."""
    return Shape(
        "[profile x]\nregion = eu-west-1\ncredential_process = <home>/helper --quietly\n",
        ("credentials", "the helper '<home>/helper' of profile 'x'", *words),
        files={"helper": script},
    )


def prints(answer: str, *words: str) -> Shape:
    return helper(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\n", "printed", *words)


def command(value: str, *words: str) -> Shape:
    return Shape(f"[profile x]\nregion = eu-west-1\ncredential_process = {value}\n", ("credentials", "'x'", *words))


GOOD = f'{{"Version": 1, "AccessKeyId": "word", "SecretAccessKey": "{SECRET}"}}'
SHELL = "#!/bin/sh\n"
PROCESS = {
    "helper that is not in PATH": command("no-such-helper --now", "'no-such-helper'", "is not in PATH"),
    "helper that is not there": command("/nowhere/helper", "'/nowhere/helper'", "No such file"),
    "helper that is a folder": command("<home>", "Permission denied"),
    "helper that is empty": command("", "is empty"),
    "helper with half a quotation": command("'half", "credential_process of profile"),
    "helper that is a text": helper("no program", "Exec format error"),
    "helper without its interpreter": helper("#!/nowhere/python\n", "can't be started"),
    "helper of the source profile": Shape(
        f"{ROLE}[profile base]\ncredential_process = no-such-helper\n", ("credentials", "profile 'base'", "not in PATH")
    ),
    "helper that fails": helper(
        f"{SHELL}echo the vault is shut >&2; echo {SECRET} >&2; exit 3", "status 3: the vault is"
    ),
    "helper that fails in silence": helper(f"{SHELL}exit 1", "status 1 and said nothing"),
    "helper that fails loudly": helper(f"{SHELL}yes no | head -n 100000 >&2; exit 1", "status 1: no."),
    "helper that colours": helper(f"{SHELL}printf '\\033[31mred\\n' >&2; exit 1", "red"),
    "helper that tells a secret": helper(f"{SHELL}echo 'aws_secret_access_key={SECRET}' >&2; exit 1", "status 1"),
    "helper that is killed": helper(f"{SHELL}kill -9 $$", "ended by signal 9"),
    "helper that asks on the terminal": helper(
        f"{SHELL}read code < /dev/tty && echo '{GOOD}'", "asks for something", "run it once in a shell: <home>/helper"
    ),
    "helper that asks on standard input": helper(
        f"{SHELL}printf 'Code: ' >&2; read code && echo '{GOOD}'", "asks for something", "Code:"
    ),
    "helper that prints nothing": helper(SHELL, "printed nothing"),
    "helper that prints half": prints(GOOD[:-3], "half an answer"),
    "helper that prints more": prints(f"Waiting for you…\n{GOOD}", "something before its answer"),
    "helper that prints a list": prints("[]", "no JSON object"),
    "helper that prints a text": prints(SECRET, "no JSON"),
    "helper that prints bytes": helper(f"{SHELL}printf '\\377\\376'", "no JSON"),
    "helper of another version": prints(GOOD.replace("1", "2", 1), "Version is not 1"),
    "helper without a key": prints('{"Version": 1, "AccessKeyId": "word"}', "without a usable SecretAccessKey"),
    "helper whose key is null": prints(GOOD.replace('"word"', "null"), "without a usable AccessKeyId"),
    "helper whose key is a number": prints(GOOD.replace('"word"', "17"), "without a usable AccessKeyId"),
    "helper whose key has a line break": prints(GOOD.replace("word", "a\\nb"), "without a usable AccessKeyId"),
    "helper whose token is an object": prints(GOOD[:-1] + ', "SessionToken": {}}', "SessionToken"),
    "helper whose keys have expired": helper(
        f'{SHELL}echo \'{GOOD[:-1]}, "Expiration": "2021-01-01T00:00:00Z"}}\'', "expired at 2021-01-01 00:00:00 UTC"
    ),
    "helper whose expiration is no moment": prints(GOOD[:-1] + ', "Expiration": "soon"}', "Expiration"),
    "helper whose expiration has no zone": prints(GOOD[:-1] + ', "Expiration": "2099-01-01T00:00:00"}', "Expiration"),
    "helper whose expiration is a number": prints(GOOD[:-1] + ', "Expiration": 17}', "Expiration"),
}

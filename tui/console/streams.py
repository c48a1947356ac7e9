"""Standard input, output and error as the command line needs them, whatever the environment says of them."""

import io
import os
import sys

_FAILING = ("strict", "surrogateescape", "backslashreplace")
"""Handlers with which a write fails where the encoding lacks a character, or with which one takes several cells of the
screen. Any other was asked for by PYTHONIOENCODING."""


def prepare() -> None:
    """Has standard output and error write a question mark for what their encoding lacks, and opens the null device in
    place of what was closed: without it the next file or connection would be standard output."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115
        elif mode == "w" and isinstance(stream, io.TextIOWrapper) and stream.errors in _FAILING:
            stream.reconfigure(errors="replace")

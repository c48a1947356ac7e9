"""Values as text: times, sizes, counts and durations. What is unknown is never shown as zero."""

from datetime import datetime

UNKNOWN = "–"
ZERO = "·"
TROUBLE = "▲"
"""The mark of what needs a hand, beside its number."""
EXACT_BELOW = 10 * 1024
"""Bytes below which `size` gives the exact number."""


def local_time(moment: datetime | None) -> str:
    """Date and time in the local time zone, to the second."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else UNKNOWN


def short_time(moment: datetime, now: datetime) -> str:
    """`moment` in the local time zone, with its date only if that is not the date of `now`."""
    text = local_time(moment)
    return text[11:] if text[:10] == local_time(now)[:10] else text


def age(moment: datetime | None, now: datetime) -> str:
    """The time from `moment` to `now` in its two largest units: `3 d 4 h`."""
    if moment is None:
        return UNKNOWN
    seconds = int((now - moment).total_seconds())
    if seconds < 0:
        return "in the future"
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    named = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    first = next((index for index, (amount, _) in enumerate(named) if amount), 3)
    return " ".join(f"{amount} {unit}" for amount, unit in named[first : first + 2] if amount) or "0 s"


def short_age(moment: datetime | None, now: datetime) -> str:
    """The time from `moment` to `now` in its largest unit, for a column that does not tick: `<1m`, `3m`, `2h`, `5d`."""
    if moment is None:
        return UNKNOWN
    minutes = int((now - moment).total_seconds()) // 60
    if minutes < 1:
        return "<1m"
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h" if minutes < 1440 else f"{minutes // 1440:,}d"


def size(count: int) -> str:
    """A number of bytes: exact below `EXACT_BELOW`, else rounded to KiB or MiB."""
    if count < EXACT_BELOW:
        return f"{count:,} B"
    return f"{count / 1024:,.0f} KiB" if count < 1024 * 1024 else f"{count / 1024 / 1024:,.2f} MiB"


def count(value: int | None, *, stale: bool = False) -> str:
    """A count with separators; `~` before it if it is stale."""
    if value is None:
        return UNKNOWN
    return f"~{value:,}" if stale else f"{value:,}"


def cell(value: int | None, *, stale: bool = False) -> str:
    """As `count`, for a column of a list: a zero is a dot, so that the eye finds what is not zero."""
    return ZERO if value == 0 and not stale else count(value, stale=stale)


def seconds(count: int | None) -> str:
    """A number of seconds, with the largest unit that divides it: `345,600 s (4 d)`."""
    if count is None:
        return UNKNOWN
    plain = f"{count:,} s"
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if count >= length and count % length == 0:
            return f"{plain} ({count // length} {unit})"
    return plain


def number(value: int | None) -> str:
    """`value` for use before a noun in a sentence: `5` or `an unknown number of`."""
    return "an unknown number of" if value is None else str(value)

"""The top line of every screen, without a screen: the tabs, and where sluice works."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tui.format.values import TROUBLE
from widgets.line import Part, Yield

if TYPE_CHECKING:
    from connectors.aws.session import AwsSession


class TabLabel(NamedTuple):
    """A tab in the top line. `trouble` is how many of its resources need a hand, as last read."""

    key: str
    title: str
    in_front: bool
    trouble: int = 0


def tab_parts(tabs: Sequence[TabLabel]) -> list[Part]:
    """The tabs, the one in front marked. Where they do not fit the titles go, the last first; the keys stay."""
    parts = [Part(" sluice ", "strong", Yield.DROP)]
    for tab in tabs:
        style = "front" if tab.in_front else ""
        parts += [Part(f" {tab.key}", style), Part(f" {tab.title}", style, Yield.DROP)]
        parts.append(Part(f" {TROUBLE}{tab.trouble:,} " if tab.trouble else " ", "error" if tab.trouble else style))
    return parts


def place_parts(session: "AwsSession", service: str, *, read_only: bool) -> list[Part]:
    """Profile, region, endpoint of `service` where it is not AWS's, account, and what is refused. Region, account and
    badges are never cut."""
    context = session.context
    parts = [Part(context.profile, "strong", Yield.SHORTEN), Part("  " + context.region)]
    endpoint = context.endpoint(service)
    if endpoint:
        parts += [Part("  "), Part(endpoint, "", Yield.SHORTEN)]
    if context.dummy_credentials and not context.demo:
        parts.append(Part("  dummy keys", "muted", Yield.DROP))
    account = session.account_of(service)
    parts.append(Part("  " + (account or "unverified"), "" if account else "warning"))
    if context.no_look:
        parts.append(Part("  NO-LOOK", "warning"))
    return [*parts, *_read_only(read_only)]


def unopened_parts(label: str, *, opening: bool, read_only: bool) -> list[Part]:
    """What stands there while no context is open; `label` is what was asked for."""
    state = "connecting…" if opening else "not connected"
    return [Part(label, "", Yield.SHORTEN), Part("  " + state, "muted"), *_read_only(read_only)]


def _read_only(read_only: bool) -> list[Part]:
    return [Part("  READ-ONLY", "warning")] if read_only else []

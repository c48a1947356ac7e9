"""The services that sluice works with, one line each."""

from typing import TYPE_CHECKING

from tui.service import Service
from tui.sns.service import SERVICE as SNS
from tui.sqs.service import SERVICE as SQS

if TYPE_CHECKING:
    from tui.config.file import Sections

SERVICES: tuple[Service, ...] = (SQS, SNS)

CALLED = tuple(service.called for service in SERVICES)
"""What the guard must know of each."""
SEEDS = [service.seeds for service in CALLED if service.seeds]
"""The modules that write the demo's data."""
TABS = tuple(service.tab.name for service in SERVICES)
VIEWS = (*TABS, *(f"{kind}:NAME" for service in SERVICES for kind in service.views))
"""How a person writes what can be opened: `queues`, `queue:NAME`."""


def sections() -> "Sections":
    """The tables of the configuration that belong to a service, by name."""
    return {service.tab.name: service.section() for service in SERVICES if service.section is not None}

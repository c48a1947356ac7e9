"""The services that sluice works with, one line each."""

from tui.service import Service
from tui.sqs.service import SERVICE as SQS

SERVICES: tuple[Service, ...] = (SQS,)

CALLED = tuple(service.called for service in SERVICES)
"""What the guard must know of each."""
SEEDS = [service.seeds for service in CALLED if service.seeds]
"""The modules that write the demo's data."""

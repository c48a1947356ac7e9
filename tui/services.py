"""The services that sluice works with, one line each."""

from connectors.sqs.service import SERVICE as SQS

SERVICES = (SQS,)

SEEDS = [service.seeds for service in SERVICES if service.seeds]
"""The modules that write the demo's data."""

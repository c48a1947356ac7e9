"""The services that sluice works with, one line each."""

from connectors.sqs.service import SERVICE as SQS

SERVICES = (SQS,)

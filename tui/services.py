"""The services that sluice works with, one line each."""

from connectors.sns.service import SERVICE as SNS
from connectors.sqs.service import SERVICE as SQS

SERVICES = (SQS, SNS)

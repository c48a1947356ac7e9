"""The filter policies of SNS: checked as SNS checks them, and judging messages as AWS does. No network, no AWS library.

    checked = check_policy('{"price": [{"numeric": [">=", 100]}]}', Scope.BODY)
    judgement = checked.policy.judge(FilterMessage('{"price": 12}'))
    judgement.verdict, str(judgement.reasons[0])     # Verdict.FILTERED, "price: 12 is not >= 100"

A policy with a fault has `checked.policy` None, and `checked.faults` with line and column.
"""

from connectors.sns.filter_policy.check import CheckedPolicy, Fault, check_policy
from connectors.sns.filter_policy.message import Attribute, FilterMessage
from connectors.sns.filter_policy.policy import FilterPolicy, Judgement, Reason, RuleVerdict, Scope, Verdict

__all__ = [
    "Attribute",
    "CheckedPolicy",
    "Fault",
    "FilterMessage",
    "FilterPolicy",
    "Judgement",
    "Reason",
    "RuleVerdict",
    "Scope",
    "Verdict",
    "check_policy",
]

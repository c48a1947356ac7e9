"""Who am I: what STS answered, and where it was asked."""

from connectors.aws.session import AwsSession
from widgets.dialog import Panel
from widgets.facts import Fact

_METHODS = {
    "env": "environment variables",
    "shared-credentials-file": "credentials file",
    "config-file": "config file",
    "sso": "IAM Identity Center (SSO)",
    "assume-role": "assumed role",
    "assume-role-with-web-identity": "assumed role, by a web identity",
    "custom-process": "credential_process of the profile",
    "login": "console login",
    "iam-role": "instance role",
    "container-role": "container role",
    "dummy": "none found: dummy keys, for this loopback endpoint only",
}


def identity_panel(session: AwsSession, asked: str, log_key: str) -> Panel:
    """Whether STS answers for it is said of the service `asked`. `log_key` opens the log."""
    identity, context = session.identity, session.context
    facts = [Fact("profile", context.profile), Fact("region", context.region)]
    facts += [Fact(f"{service.upper()} endpoint", url) for service, url in context.endpoints] or [
        Fact("endpoint", "AWS")
    ]
    if identity is None:
        facts.append(Fact("account", f"unverified: STS has not answered (see the log, {log_key})", "warning"))
    else:
        facts.append(
            Fact("account", identity.account)
            if context.sts_answers_for(asked)
            else Fact(
                "account",
                f"{identity.account}, unverified: STS is not asked at the endpoint of {asked.upper()}",
                "warning",
            )
        )
        facts += [Fact("ARN", identity.arn or "–"), Fact("user id", identity.user_id or "–")]
        method = _METHODS.get(identity.method, identity.method or "–")
        if identity.method.startswith("assume-role"):
            method += f", from STS at {context.endpoint('sts') or 'AWS'}"
        facts.append(Fact("credentials", method))
        expires = identity.expires
        facts.append(Fact("expiry", expires.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z") if expires else "none"))
    facts.append(
        Fact("allowed", "reads and looks" if context.read_only else "reads, looks and, after a question, changes")
    )
    if context.no_look:
        facts.append(Fact("looks", "refused by --no-look", "warning"))
    return Panel("Who am I", facts)

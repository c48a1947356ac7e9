"""The services that botocore's credential providers call to get the credentials of a profile, and STS's identity.

Signing in changes nothing that is kept, and without it a profile with a role or an SSO login could not even read. So
these operations are reads; all others of these services are refused.
"""

from connectors.service import Service

SERVICES = (
    Service(name="sts", reads=frozenset({"GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity"})),
    Service(name="sso", reads=frozenset({"GetRoleCredentials"})),
    Service(name="sso-oidc", reads=frozenset({"CreateToken"})),
    Service(name="signin", reads=frozenset({"CreateOAuth2Token"})),
)

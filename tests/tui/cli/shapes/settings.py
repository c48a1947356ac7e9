"""What stands in the AWS files, and chooses the target."""

from tests.tui.cli.shapes.providers import SSO
from tests.tui.cli.shapes.shape import HERE, ROLE, SECRET, Shape


# A value is a section: lines that are indented below `name =`.
def section(key: str) -> str:
    return f"{key} =\n    {SECRET} = {SECRET}\n"


SECTIONS = {
    key: Shape(f"[profile x]\n{section(key)}", ("settings", key, "profile 'x'", "is a section"), 2)
    for key in (
        *("region", "endpoint_url", "services", "role_arn", "source_profile", "credential_process", "sso_session"),
        *("web_identity_token_file", "login_session", "aws_access_key_id", "mfa_serial", "max_attempts", "data_path"),
        *("use_fips_endpoint", "sts_regional_endpoints", "ignore_configured_endpoint_urls"),
    )
} | {
    "of the default profile": Shape(f"[default]\n{section('region')}", ("region", "'default'"), 2, options=()),
    "of the profile that the environment names": Shape(
        f"[profile y]\n{section('region')}", ("region", "profile 'y'"), 2, environment={"AWS_PROFILE": "y"}, options=()
    ),
    "of a source profile": Shape(ROLE + f"[profile base]\n{section('aws_access_key_id')}", ("'base'", "section"), 2),
    "of an SSO session": Shape(
        SSO.replace("sso_region = eu-west-1\n", section("sso_region")), ("sso_region", "sso-session 'company'"), 2
    ),
    "of the credentials file": Shape(
        "[profile x]\nregion = eu-west-1\n",
        ("aws_secret_access_key of profile 'x'",),
        2,
        credentials=f"[x]\naws_access_key_id = word\n{section('aws_secret_access_key')}",
    ),
}
FILES = {
    "without a section": Shape("region = eu-west-1\n", ("settings", "<home>/.aws/config"), 2),
    "with half a section": Shape("[profile x\nregion = eu-west-1\n", ("<home>/.aws/config",), 2),
    "with half a subsection": Shape("[profile x]\ns3 =\n  half\n", ("<home>/.aws/config",), 2),
    "with a profile twice": Shape("[profile x]\n[profile x]\n", ("<home>/.aws/config",), 2),
    "in another encoding": Shape("[profile x]\n# \udce9\n", ("<home>/.aws/config",), 2),
    "empty": Shape("", ("there is no profile 'x'",), 2),
    "without a region": Shape("[profile x]\n", ("no region is set for profile 'x'",), 2),
    "with an escape sequence for a region": Shape("[profile x]\nregion = \x1b[31mred\n", ("there is no region",), 2),
    "with a cut credentials file": Shape("", ("<home>/.aws/credentials",), 2, credentials="[x"),
}

# What was meant to choose the target has another name or form: calls meant for an emulator would go to AWS.
LOCAL = f"{HERE}services = local\n[services local]\n"
TARGETS = {
    "services section that is not there": Shape(
        f"{HERE}services = locl\n[services local]\nsqs =\n  endpoint_url = <url>\n",
        ("profile 'x'", "section 'locl', which does not exist", "services = local"),
        2,
    ),
    "services section without a name": Shape(f"{HERE}services =\n", ("section ''", "does not exist"), 2),
    "services section that is empty": Shape(LOCAL, ("section 'local', which is empty",), 2),
    "services section on one line": Shape(f"{LOCAL}sqs = <url>\n", ("sqs of", "'local' is a value", "endpoint_url"), 2),
    "unknown key in a services section": Shape(
        f"{LOCAL}sqs =\n  endpoint = <url>\n", ("'endpoint' of sqs", "'local' is unknown", "endpoint_url"), 2
    ),
    "empty URL in a services section": Shape(f"{LOCAL}sqs =\n  endpoint_url =\n", ("'local' is empty",), 2),
    "misspelt service": Shape(f"{LOCAL}sqss =\n  endpoint_url = <url>\n", ("'sqss' of", "not read", "'sqs'"), 2),
    "section of the profile itself": Shape(
        f"{HERE}sqs =\n  endpoint_url = <url>\n", ("'sqs' of profile 'x' is not read", "[services NAME]"), 2
    ),
    "misspelt endpoint": Shape(f"{HERE}endpoint-url = <url>\n", ("'endpoint-url' of profile 'x'", "endpoint_url"), 2),
    "short endpoint": Shape(f"{HERE}endpoint = <url>\n", ("'endpoint' of profile 'x'", "endpoint_url"), 2),
    "misspelt region": Shape("[profile x]\nregoin = eu-west-1\n", ("'regoin' of profile 'x'", "'region'"), 2),
    "misspelt services": Shape(f"{HERE}service = local\n", ("'service' of profile 'x'", "'services'"), 2),
    "empty endpoint": Shape(f"{HERE}endpoint_url =\n", ("endpoint_url of profile 'x' is empty",), 2),
    "switch that is neither": Shape(
        f"{HERE}endpoint_url = <url>\nignore_configured_endpoint_urls = fasle\n", ("'fasle'", "true or false"), 2
    ),
    "switch of the environment": Shape(
        HERE, ("AWS_USE_FIPS_ENDPOINT", "'1'"), 2, environment={"AWS_USE_FIPS_ENDPOINT": "1"}
    ),
    "misspelt variable": Shape(
        HERE, ("'AWS_ENDPOINT_URL_SQSS'", "'AWS_ENDPOINT_URL_SQS'"), 2, environment={"AWS_ENDPOINT_URL_SQSS": "<url>"}
    ),
    "endpoint without a scheme": Shape(f"{HERE}endpoint_url = <stub>\n", ("endpoint_url of the profile", "<stub>"), 2),
}

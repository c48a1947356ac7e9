"""Each of botocore's providers of credentials, and each file that it reads."""

import json

from tests.support.wire import answer, denied, error, json_text, text, web_page
from tests.tui.cli.shapes.shape import BASE, ROLE, SECRET, SSO_CACHE, STUB, Shape

SSO = (
    "[profile x]\nregion = eu-west-1\nsso_session = company\nsso_account_id = 1\nsso_role_name = R\n"
    "[sso-session company]\nsso_region = eu-west-1\nsso_start_url = https://company.invalid/start\n"
)
WEB = "[profile x]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/Reader\nweb_identity_token_file = <home>/token\n"


def sso_token(**changes: object) -> dict[str, str]:
    token = {"accessToken": SECRET, "expiresAt": "2021-01-01T00:00:00Z", "region": "eu-west-1", "startUrl": "x"}
    return {SSO_CACHE: json.dumps(token | changes)}


# What botocore logs with a traceback.

LOGIN = ("credentials", "the SSO login of profile 'x'", "aws sso login --profile x")
LATER = "2099-01-01T00:00:00Z"


def login(content: str) -> Shape:
    """A profile whose cached SSO login is `content`."""
    return Shape(SSO, LOGIN, environment=STUB, files={SSO_CACHE: content})


SSO_SHAPES = {
    "SSO login that is missing": Shape(SSO, LOGIN, environment=STUB),
    "SSO login that is half": login('{"accessToken": "'),
    "SSO login that is a list": login("[]"),
    "SSO login that is a number": login("17"),
    "SSO login that is null": login("null"),
    "SSO login that is empty": login(""),
    "SSO login without a token": login('{"expiresAt": "2099-01-01T00:00:00Z"}'),
    "SSO login whose end is no moment": Shape(SSO, LOGIN, environment=STUB, files=sso_token(expiresAt=SECRET)),
    "SSO login whose end is a list": Shape(SSO, LOGIN, environment=STUB, files=sso_token(expiresAt=[SECRET])),
    "SSO role that is forbidden": Shape(
        SSO,
        ("credentials", "GetRoleCredentials", "No access"),
        environment=STUB,
        files=sso_token(expiresAt=LATER),
        answer=json_text({"__type": "ForbiddenException", "message": "No access"}, 403),
    ),
    "SSO portal that is a page": Shape(
        SSO,
        ("credentials", "SSO login of profile 'x'"),
        environment=STUB,
        files=sso_token(expiresAt=LATER),
        answer=web_page(200),
    ),
    "SSO portal unreachable": Shape(
        SSO,
        ("credentials", "'x'", "<nobody>"),
        environment={"AWS_ENDPOINT_URL": "<nobody>"},
        files=sso_token(expiresAt=LATER),
    ),
    "SSO session that is not there": Shape(
        SSO.replace("[sso-session company]", "[sso-session compnay]"), ("credentials", '"company"'), environment=STUB
    ),
    "SSO without an account": Shape(
        SSO.replace("sso_account_id = 1\n", ""), ("credentials", "'x'", "sso_account_id"), environment=STUB
    ),
}
ROLES = {
    "role of itself in a circle": Shape(
        ROLE + ROLE.replace("profile x", "profile base").replace("= base", "= x"), ("credentials", "Infinite loop", "x")
    ),
    "role of a profile that is not there": Shape(ROLE, ("credentials", '"base"', "does not exist")),
    "role without a source": Shape(
        ROLE.replace("source_profile = base\n", ""), ("credentials", "'x'", "source_profile or credential_source")
    ),
    "role of half a key": Shape(
        f"{ROLE}[profile base]\naws_access_key_id = word\n", ("credentials", "'x'", "missing: aws_secret_access_key")
    ),
    "role of a profile without keys": Shape(f"{ROLE}[profile base]\n", ("credentials", '"base" must have credentials')),
    "role of an unknown source": Shape(
        ROLE.replace("source_profile = base", "credential_source = Nowhere"), ("credentials", "Nowhere")
    ),
    "role that is denied": Shape(
        ROLE + BASE,
        ("credentials", "role of profile 'x'", "sts:AssumeRole is denied"),
        environment=STUB,
        answer=denied("sts:AssumeRole"),
    ),
    "role whose answer is a page": Shape(
        ROLE + BASE, ("credentials", "role of profile 'x'"), environment=STUB, answer=web_page(200)
    ),
    "role whose keys have expired": Shape(
        ROLE + BASE,
        ("credentials", "role of profile 'x'", "expired already"),
        environment=STUB,
        answer=answer(
            Credentials={
                "AccessKeyId": "a",
                "SecretAccessKey": SECRET,
                "SessionToken": SECRET,
                "Expiration": "2021-01-01T00:00:00Z",
            }
        ),
    ),
    "token file that is empty": Shape(
        WEB, ("credentials", "'x'", "WebIdentityToken"), environment=STUB, files={"token": ""}
    ),
    "token file that is a folder": Shape(WEB, ("credentials", "<home>/token"), environment=STUB, files={"token/x": ""}),
    "token file of bytes": Shape(
        WEB, ("credentials", "web identity of profile 'x'"), environment=STUB, files={"token": "\udcff"}
    ),
    "token file without a role": Shape(
        WEB.replace("role_arn = arn:aws:iam::1:role/Reader\n", ""), ("credentials", "role ARN"), files={"token": SECRET}
    ),
    "token that is refused": Shape(
        WEB,
        ("credentials", "AssumeRoleWithWebIdentity", "no such provider"),
        environment=STUB,
        files={"token": SECRET},
        answer=error("InvalidIdentityToken", "no such provider"),
    ),
    "console login": Shape(
        "[profile x]\nregion = eu-west-1\nlogin_session = me\n",
        ("credentials", "`aws login`", "awscrt", "aws configure export-credentials --profile x"),
    ),
}
NOT_OF_FILES = ("--region", "eu-west-1")
CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "<url>/keys"}
ENVIRONMENT = {
    "half a key": Shape(
        "", ("credentials", "AWS_SECRET_ACCESS_KEY"), environment={"AWS_ACCESS_KEY_ID": "word"}, options=NOT_OF_FILES
    ),
    "keys that have expired": Shape(
        "",
        ("credentials", "environment", "expired already"),
        options=NOT_OF_FILES,
        environment={
            "AWS_ACCESS_KEY_ID": "word",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_CREDENTIAL_EXPIRATION": "2021-01-01T00:00:00Z",
        },
    ),
    "keys whose end is no moment": Shape(
        "",
        ("credentials", "environment"),
        options=NOT_OF_FILES,
        environment={"AWS_ACCESS_KEY_ID": "word", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_CREDENTIAL_EXPIRATION": SECRET},
    ),
    "no credentials": Shape("", ("credentials", "no credentials were found"), options=NOT_OF_FILES),
    "container that is a page": Shape(
        "", ("container",), environment=CONTAINER, options=NOT_OF_FILES, answer=web_page(200)
    ),
    "container that knows nothing": Shape(
        "", ("container", "404"), environment=CONTAINER, options=NOT_OF_FILES, answer=text(SECRET, 404)
    ),
    "container's half": Shape(
        "", ("container",), environment=CONTAINER, options=NOT_OF_FILES, answer=text(f'{{"SecretAccessKey": "{SECRET}')
    ),
    "container's list": Shape(
        "", ("container",), environment=CONTAINER, options=NOT_OF_FILES, answer=text(f'["{SECRET}"]')
    ),
    "container elsewhere": Shape(
        "",
        ("container",),
        options=NOT_OF_FILES,
        environment={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/"},
    ),
    "container without its token": Shape(
        "",
        ("container", "<home>/none"),
        options=NOT_OF_FILES,
        environment=CONTAINER | {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "<home>/none"},
    ),
    "boto's own file": Shape(
        "",
        ("credentials", "<home>/boto"),
        options=NOT_OF_FILES,
        environment={"BOTO_CONFIG": "<home>/boto"},
        files={"boto": "[x"},
    ),
    "EC2's own file": Shape(
        "", ("credentials", "<home>/none"), options=NOT_OF_FILES, environment={"AWS_CREDENTIAL_FILE": "<home>/none"}
    ),
}

# What botocore logs with a traceback.
LOGGED = {
    "expired SSO login": Shape(SSO, ("credentials", "SSO login"), environment=STUB, files=sso_token()),
    "role with an MFA code": Shape(
        ROLE + "mfa_serial = arn:aws:iam::1:mfa/me\n" + BASE, ("credentials", "MFA code"), environment=STUB
    ),
    "no token file": Shape(WEB, ("credentials", "'x'", "<home>/token"), environment=STUB),
    "STS unreachable": Shape(
        ROLE + BASE, ("credentials", "'x'", "<nobody>"), environment={**STUB, "AWS_ENDPOINT_URL_STS": "<nobody>"}
    ),
}

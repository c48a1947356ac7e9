"""`python -m screenshots [FOLDER]`: draws every picture, the same bytes each time and on every machine.

Nothing of the machine may show: the environment is emptied before anything that reads it is imported.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

# What a made-up person's AWS files hold. `local` is the emulator.
AWS_CONFIG = """
[profile local]
region = us-east-1
endpoint_url = {url}
aws_access_key_id = test
aws_secret_access_key = test
[profile staging]
region = eu-west-1
sso_session = company
sso_account_id = 111122223333
sso_role_name = Developer
[profile prod]
region = eu-west-1
sso_session = company
sso_account_id = 444455556666
sso_role_name = OnCall
[profile prod-us]
region = us-east-1
role_arn = arn:aws:iam::444455556666:role/on-call
source_profile = prod
[profile partner]
credential_process = partner-login --json
[sso-session company]
sso_region = eu-west-1
sso_start_url = https://company.example.com/start
"""


def main() -> None:
    folder = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else Path(__file__).parent
    with tempfile.TemporaryDirectory() as home:
        path = os.environ.get("PATH", os.defpath)
        os.environ.clear()
        os.environ.update(PATH=path, HOME=home, LANG="C.UTF-8", TZ="UTC", AWS_CONFIG_FILE=f"{home}/config")
        time.tzset()
        from screenshots.draw import URL, NamedPortLoop, draw_all

        Path(home, "config").write_text(AWS_CONFIG.format(url=URL))
        with asyncio.Runner(loop_factory=NamedPortLoop) as runner:
            runner.run(draw_all(folder))


if __name__ == "__main__":
    main()

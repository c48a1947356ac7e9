"""What loading the AWS libraries leaves behind."""

import ssl
import subprocess
import sys

from tests.conftest import OpenSession


async def test_loading_the_aws_libraries_leaves_the_trust_of_others_alone(open_session: OpenSession) -> None:
    await open_session("http://127.0.0.1:1")
    assert ssl.create_default_context.__module__ == "ssl"


def test_nor_does_it_where_two_contexts_are_opened_at_once() -> None:
    program = """
import ssl
from concurrent.futures import ThreadPoolExecutor
from connectors.aws.loading import session_type

with ThreadPoolExecutor(2) as threads:
    types = [*threads.map(lambda _: session_type(), range(2))]
assert types[0] is types[1]
print(ssl.create_default_context.__module__)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "ssl", done.stderr

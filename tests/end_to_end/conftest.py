"""The playground, as most of these tests need it."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A playground in a process of its own, without a slash at the end."""
    command = [sys.executable, "-m", "wsdebug", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rstrip("/")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0

"""`wsdebug serve` as a process: its first line, its port, its end."""

import signal
import socket
import subprocess
import sys

import pytest

SERVE = [sys.executable, "-m", "wsdebug", "serve"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_line_is_the_url_and_the_end_is_0(number: signal.Signals) -> None:
    """Nothing else is printed, and the port of the line is open until then."""
    with subprocess.Popen(
        SERVE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = int(line.removeprefix("ws://127.0.0.1:").removesuffix("/\n"))
        assert line == f"ws://127.0.0.1:{port}/\n"
        with socket.create_connection(("127.0.0.1", port)):
            process.send_signal(number)
            assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 0


def test_a_busy_port_is_one_sentence() -> None:
    """On stderr, with the code of a usage error."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*SERVE, "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    words = f"wsdebug: cannot listen on port {port}: address already in use\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", words)

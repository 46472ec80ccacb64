"""The Autobahn test suite itself, run beside the echo client; it needs Python 2.7.

    python2.7 -m pip install autobahntestsuite       in an environment of its own
    python -m tests.hostile.genuine path/to/wstest               all 517 cases; takes half an hour
    python -m tests.hostile.genuine path/to/wstest '1.*' 9.1.1   those that are named

Its verdicts are judged as `autobahn` judges kosoku's, without what has to be made good there.
"""

import asyncio
import contextlib
import json
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import wsdebug
from tests.hostile.autobahn import AGENT, Report, Verdict, echo, told

__all__ = ["run_genuine"]

PATIENCE = 60  # seconds until the suite listens


@asynccontextmanager
async def wstest(program: str, cases: Sequence[str], folder: Path) -> AsyncIterator[str]:
    """The URL of the suite's server, which reports into the folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"ws://127.0.0.1:{port}"
    spec = {"url": url, "outdir": str(folder), "cases": list(cases), "exclude-cases": []}
    path = folder / "spec.json"
    path.write_text(json.dumps({**spec, "exclude-agent-cases": {}}))
    command = [program, "-m", "fuzzingserver", "-s", str(path), "-u", "0"]
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, cwd=folder)
    try:
        async with asyncio.timeout(PATIENCE):
            while not await _listens(port):
                if process.returncode is not None:
                    raise RuntimeError(f"{program} ended with {process.returncode}")
                await asyncio.sleep(0.1)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def _asked(url: str) -> Any:
    """The JSON of the one message that the server sends."""
    async with wsdebug.connect(url) as connection:
        async for message in connection:
            return json.loads(message)
    raise RuntimeError(f"{url} said nothing")


async def run_genuine(program: str, cases: Sequence[str]) -> Report:
    """Run cases one after another; what was not reported on is missing."""
    masked: dict[str, bool] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with wstest(program, cases, folder) as url:
            count = await _asked(f"{url}/getCaseCount")
            for number in range(1, count + 1):
                case = (await _asked(f"{url}/getCaseInfo?case={number}"))["id"]
                address = f"{url}/runCase?case={number}&agent={AGENT}"
                masked[case] = await echo(address, wsdebug.DeflateOffer())
            with contextlib.suppress(wsdebug.ConnectionClosed):
                async with wsdebug.connect(f"{url}/updateReports?agent={AGENT}") as connection:
                    async for _ in connection:
                        pass
        reported = json.loads((folder / "index.json").read_text())[AGENT]
    verdicts = {case: _verdict(case, reported[case], masked[case]) for case in reported}
    return Report(verdicts, tuple(case for case in masked if case not in verdicts))


def _verdict(case: str, said: Mapping[str, Any], masked: bool) -> Verdict:
    return Verdict(case, said["behavior"], said["behaviorClose"], masked, said["reportfile"])


def main(arguments: Sequence[str]) -> int:
    """Run and report; 0 where every case ran and is good."""
    if not arguments:
        sys.stderr.write("name the suite's program: python -m tests.hostile.genuine wstest\n")
        return 2
    program, *patterns = arguments
    return told(asyncio.run(run_genuine(program, patterns or ["*"])))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`wsdebug serve [--port N]`: the playground server alone, until Ctrl-C."""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack

from wsdebug.cli.options import Parser
from wsdebug.errors import UsageError
from wsdebug.playground.server import Playground

__all__ = ["parser", "run"]

EXAMPLES = """examples:
  wsdebug serve
  wsdebug serve --port 9911
"""


def parser() -> Parser:
    """What this command takes."""
    made = Parser("wsdebug serve", usage=f"wsdebug serve [--port N]\n\n{EXAMPLES}")
    made.add_argument("--port", type=int, default=0, metavar="N", help="default: a free one")
    return made


def run(arguments: list[str]) -> int:
    """Serve on loopback; the URL is the first line on stdout."""
    port = parser().parse_args(arguments).port
    if not 0 <= port <= 65535:
        raise UsageError(f"--port: {port} is not from 1 to 65535", field="port")
    asyncio.run(_serve(port))
    return 0


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        try:
            playground = await stack.enter_async_context(Playground(port))
        except OSError as error:
            # asyncio's own words repeat the address as a tuple
            why = os.strerror(error.errno).lower() if error.errno else str(error)
            raise UsageError(f"cannot listen on port {port}: {why}", field="port") from error
        sys.stdout.write(f"{playground.url}\n")
        sys.stdout.flush()
        await stop.wait()

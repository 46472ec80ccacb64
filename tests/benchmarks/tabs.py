"""Many connections at once: twenty that are busy, fifty that are idle.

    python tests/benchmarks/tabs.py [--runs N] [tabs|idle ...]

`tabs`: twenty tabs of the UI on a pseudo-terminal of 140 by 45, each connected; to each come 100
messages a second. From tab to tab is gone by `^PgDn`, twice a second: `painted` is from the key
until the terminal has received the URL of the other tab. Before that, exactly so many messages
come to each while the last one is shown: all others must count them as new.

`idle`: fifty tabs, each connected, to which nothing comes: the processors' time of the whole
process, and the resident memory beyond that of the first; beside it, fifty connections in a
script without a screen.

Each row shows the best of all runs, then all of them: machines are noisy.
"""

import argparse
import asyncio
import fcntl
import re
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terminal import Terminal, Usage, load, percentile, table
from websockets.asyncio.server import ServerConnection, broadcast, serve

RUNS = 3
RATE = 100  # messages a second to each connection
COUNTED = 500  # messages that are counted as new
SWITCHES = 60
SWITCH_SECONDS = 0.5
WIDE = 520  # columns in which twenty labels have room
IDLE_SECONDS = 60
NEW, NEXT = "\x14", "\x1b[6;5~"  # ctrl+t, ctrl+pagedown
SCRIPT = """
import asyncio, resource, sys, time
import wsdebug
async def main(url, count):
    async with asyncio.TaskGroup() as tasks:
        opened = asyncio.Barrier(count + 1)
        done = asyncio.Event()
        async def one():
            async with wsdebug.connect(url) as connection:
                await opened.wait()
                await done.wait()
        def used():
            use = resource.getrusage(resource.RUSAGE_SELF)
            return use.ru_utime + use.ru_stime
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(count):
            tasks.create_task(one())
        await opened.wait()
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        await asyncio.sleep(1)
        began = used()
        await asyncio.sleep(float(sys.argv[3]))
        print((used() - began) / float(sys.argv[3]) * 100, grown / count / 1024, flush=True)
        done.set()
asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


async def feed() -> None:
    """Serve; each line read is a number of messages to send to all, 0 for no end of them."""
    clients: list[ServerConnection] = []

    async def take(connection: ServerConnection) -> None:
        clients.append(connection)
        await connection.wait_closed()

    async with serve(take, "127.0.0.1", 0, compression=None) as server:
        say(next(iter(server.sockets)).getsockname()[1])
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            await send(clients, int(line))
            say(len(clients))


async def send(clients: list[ServerConnection], count: int) -> None:
    """To each, at the rate."""
    began, number = time.monotonic(), 0
    while any(client.close_code is None for client in clients) and (not count or number < count):
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
        broadcast(clients, f'{{"type":"quote","seq":{number + 100_000_000},"symbol":"ACME-EUR"}}')
        number += 1


def say(number: int) -> None:
    """A line for whoever has started this."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


class Server:
    """The server, in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, __file__, "serve"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        self.url = f"ws://127.0.0.1:{self.line()}"

    def line(self) -> str:
        """What it says next."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def send(self, count: int) -> None:
        """Have so many sent to each."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()


@contextmanager
def serving() -> Iterator[Server]:
    """A server while it is needed."""
    server = Server()
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


@contextmanager
def opened(server: Server, tabs: int) -> Iterator[tuple[Terminal, Usage]]:
    """The UI with so many tabs, all connected; and what it used with one."""
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(f"{server.url}/feed01", home=Path(folder))
        try:
            terminal.sees("open 00:")
            terminal.rest()
            one = terminal.usage()
            for number in range(2, tabs + 1):
                field, name = terminal.look("new tab"), f"feed{number:02}"
                terminal.press(NEW)
                terminal.sees(field)
                is_open = terminal.look("open 00:")
                terminal.press(f"{server.url}/{name}\r")
                terminal.sees(is_open)
            yield terminal, one
        finally:
            terminal.close()


def resize(terminal: Terminal, columns: int) -> None:
    """Give the terminal another width."""
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 45, columns, 0, 0))
    terminal.rest()


def busy() -> dict[str, float]:
    """Twenty tabs: figures by their names."""
    count = 20
    with serving() as server, opened(server, count) as (terminal, _):
        resize(terminal, WIDE)
        names = [f"feed{number:02}" for number in range(1, count)]
        labels = [terminal.look(f"{name} {COUNTED} new") for name in names]
        server.send(COUNTED)
        assert server.line() == str(count), "not all are connected"
        deadline = time.monotonic() + 5
        while not all(label.seen for label in labels) and time.monotonic() < deadline:
            time.sleep(0.05)
        resize(terminal, 140)
        server.send(0)
        terminal.rest(0.0)
        before, keys, looks = terminal.usage(), terminal.keys, []
        for number in range(SWITCHES):
            name = f"{server.url}/feed{number % count + 1:02}"
            looks.append(terminal.press(NEXT, paints=name.removeprefix("ws://")))
            time.sleep(SWITCH_SECONDS)
        after, handled = terminal.usage(), terminal.handled_ms(keys)
    painted, span = [look.ms for look in looks if look.seen], after.at - before.at
    return {
        "miscounted": sum(not label.seen for label in labels),
        "handled": percentile(handled),
        "painted": percentile(painted),
        "painted_half": percentile(painted, 0.5),
        "unseen": len(looks) - len(painted),
        "thread": 100 * (after.main - before.main) / span,
        "cpu": 100 * (after.whole - before.whole) / span,
        "resident": after.resident,
    }


def idle() -> dict[str, float]:
    """Fifty tabs: figures by their names."""
    count = 50
    with serving() as server:
        with opened(server, count) as (terminal, one):
            time.sleep(2)
            before = terminal.usage()
            time.sleep(IDLE_SECONDS)
            after = terminal.usage()
        command = [sys.executable, "-c", SCRIPT, server.url, str(count), str(IDLE_SECONDS)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    cpu, each = map(float, re.findall(r"[\d.]+", done.stdout))
    return {
        "idle": 100 * (after.whole - before.whole) / (after.at - before.at),
        "each": (after.resident - one.resident) / (count - 1),
        "script": cpu,
        "script_each": each,
    }


FIGURES = {
    "miscounted": ("tabs that count wrong", ",.0f"),
    "handled": ("handled p99, ms", ",.1f"),
    "painted": ("painted p99, ms", ",.1f"),
    "painted_half": ("painted p50, ms", ",.1f"),
    "unseen": ("keys never seen", ",.0f"),
    "thread": ("UI thread, %", ",.1f"),
    "cpu": ("all threads, %", ",.1f"),
    "resident": ("resident, MB", ",.0f"),
    "idle": ("all threads, %", ",.2f"),
    "each": ("a tab, MB", ",.2f"),
    "script": ("without a screen, %", ",.2f"),
    "script_each": ("a connection, MB", ",.3f"),
}
KINDS = {
    "tabs": (busy, "twenty tabs, 100 messages/s each", {"miscounted": 0, "painted": 100}),
    "idle": (idle, "fifty connections without a message", {"idle": 1, "script": 1}),
}


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N")
    parsed = parser.parse_args()
    if parsed.kinds == ["serve"]:
        asyncio.run(feed())
        return
    for name in parsed.kinds or KINDS:
        work, words, targets = KINDS[name]
        sys.stdout.write(f"\n{name}: {words}; {load()}\n")
        sys.stdout.write(table([work() for _ in range(parsed.runs)], targets, FIGURES))


if __name__ == "__main__":
    main()

"""A peer's misbehaviour as a row: what it does, how wsdebug ends, and what its record says."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme

from tests.hostile.peer import ON_IT_GOES, Peer, serving
from wsdebug.cli.text import json_text, row_text
from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.errors import CannotConnect, HandshakeRefused
from wsdebug.log.log import FrameLog
from wsdebug.payload.escape import escape
from wsdebug.session.lines import Damaged, Event, FrameLine, Line

__all__ = ["Misbehaviour", "Seen", "observe"]

PATIENCE = 60.0  # seconds; nothing here takes as long
WAITS = {"connect_timeout": 20.0, "close_timeout": 0.2}


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """`play` is done once for each of `variants`; `{v}` stands for it in the words.

    `strict` and `lenient` say how the connection ends, `says` what stands in the record of a
    strict one; `…` at the end of `says` leaves the rest open. `section` is the rule that decides.
    """

    what: str
    section: str
    play: Callable[[Peer, Any], Awaitable[None]]
    strict: str
    says: str = ""
    lenient: str = ""  # where it is not as in strict mode
    variants: tuple[Any, ...] = (None,)
    options: Mapping[str, Any] = field(default_factory=dict)
    scheme: str = "ws"
    tls: bool = False  # the server speaks TLS

    def expected(self, variant: Any, *, lenient: bool) -> "Seen":
        """How it is to end with one variant; in lenient mode the record is not compared."""
        outcome = self.lenient if lenient and self.lenient else self.strict
        return Seen(outcome.format(v=variant), self.says.format(v=variant))


@dataclass(frozen=True, slots=True)
class Seen:
    """How a connection ended, and what its record says of that."""

    outcome: str
    says: str

    def is_as(self, other: "Seen", *, lenient: bool) -> bool:
        """Whether it is what was expected."""
        if self.outcome != other.outcome:
            return False
        open_end = other.says.endswith("…")
        return lenient or (
            self.says.startswith(other.says[:-1]) if open_end else self.says == other.says
        )


def server_tls() -> ssl.SSLContext:
    """A server's side, with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


async def observe(case: Misbehaviour, variant: Any, path: Path, *, lenient: bool) -> Seen:
    """Have a peer do it, and look at what became of the connection and its record.

    A client closes with 1000 as soon as the message comes that says that it goes on.
    """

    async def play(peer: Peer) -> None:
        await case.play(peer, variant)

    went_on = False
    async with serving(play, tls=server_tls() if case.tls else None) as port:
        options: dict[str, Any] = {**WAITS, "lenient": lenient, **case.options}
        live = LiveSession(
            ConnectOptions(url=f"{case.scheme}://127.0.0.1:{port}/", **options),
            RecordOptions(path=str(path)),
            deliver=True,
        )
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
            tasks.create_task(live.run())
            while (message := await live.receive()) is not None:
                if message == ON_IT_GOES:
                    went_on = True
                    await live.close()
        await live.finish()
    lines = list(read_record(path))
    words = ", ".join(dict.fromkeys(_words(lines))).replace(str(port), "PORT")
    return Seen(("goes on, " if went_on else "") + _outcome(live, lines), words)


def _outcome(live: LiveSession, lines: list[Line]) -> str:
    status = live.status
    if isinstance(status.failure, HandshakeRefused):
        return f"refused {status.failure.status}" if status.failure.status else "refused"
    if isinstance(status.failure, CannotConnect):
        return f"no connection: {status.failure.step}"
    (closed,) = (line for line in lines if isinstance(line, Event) and line.name == "closed")
    if status.violation:
        return f"failed with {closed.fields['sent']}"
    return f"closed {status.code}" + ("" if status.clean else ", not clean")


def _words(lines: list[Line]) -> Iterator[str]:
    for line in lines:
        if isinstance(line, FrameLine):
            yield from (f"`{name}`" for name in line.bad)
        elif isinstance(line, Event) and line.name == "error":
            yield str(line.fields["message"])
        elif isinstance(line, Event) and line.name == "bytes":
            yield "the stray bytes"


def read_record(path: Path) -> Iterator[Line]:
    """The lines of a record, which is whole, complete, and safe to print."""
    log = FrameLog.open(str(path))
    log.complete.wait()
    lines = list(log)
    assert not any(isinstance(line, Damaged) for line in lines)
    assert isinstance(lines[-1], Event)
    assert lines[-1].name == "end"
    for row in log.rows(0, 200):
        assert (text := row_text(row)) == escape(text)
    for _, data in log.raw_lines(1):
        if len(data) < 1 << 20:
            text = json_text(data, is_terminal=True).decode()[:-1]
            assert text == escape(text)
    log.close()
    return iter(lines)

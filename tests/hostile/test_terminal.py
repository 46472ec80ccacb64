"""Nothing of a peer or of a stranger's file reaches the terminal but text that can be seen."""

import asyncio
import json
import ssl
from pathlib import Path

import pytest
import trustme

from tests.hostile.evil import EVIL, MARKUP, OWN, leaks
from tests.hostile.peer import Peer, served
from tests.hostile.screen import look_at_every_row, screen
from wsdebug.wire.frame import Frame, Opcode


async def talks(peer: Peer) -> None:
    """Evil in every place of an open connection."""
    await peer.open(f"X-Evil: {as_header(EVIL)}")
    text = EVIL.encode()
    await peer.frames(Frame(Opcode.PING, text[:120]), Frame(Opcode.BINARY, text))
    await peer.frames(Frame(Opcode.TEXT, json.dumps({EVIL: [EVIL, {"a": EVIL}]}).encode()))
    await peer.frames(Frame(Opcode.TEXT, text * 100), Frame(Opcode.TEXT, MARKUP.encode()))
    await peer.stay()


async def closes(peer: Peer) -> None:
    """A text, and a reason."""
    await peer.open()
    reason = b"\x0f\xa0" + EVIL.encode()[:120]
    await peer.frames(Frame(Opcode.TEXT, EVIL.encode()), Frame(Opcode.CLOSE, reason))
    await peer.stay()


async def refuses(peer: Peer) -> None:
    """A login page of a kind."""
    evil = EVIL.replace("\n", "").encode().decode("latin-1")
    await peer.read_request()
    headers = (f"X-Evil: {evil}", f"{evil}: a", f'WWW-Authenticate: {evil} realm="{evil}"')
    await peer.send(peer.head(*headers, status=f"HTTP/1.1 401 {MARKUP}{evil}") + EVIL.encode())


def as_header(text: str) -> str:
    """What can stand in a header's value, as Latin-1."""
    return text.encode().translate(None, bytes(range(32)) + b"\x7f").decode("latin-1")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program keeps its things; a trace of its keys is written there."""
    monkeypatch.setenv("WSDEBUG_TRACE", str(tmp_path / "trace"))
    return tmp_path


def test_a_hostile_server_shows_as_text(home: Path) -> None:
    """In the log and in every tab of the inspector, markup included."""
    with served(talks) as port, screen(home, f"ws://127.0.0.1:{port}/") as terminal:
        terminal.shows(MARKUP[:40])
        look_at_every_row(terminal, 6)
        assert MARKUP[:40] in terminal.text
        assert leaks(bytes(terminal.output), own=OWN) == []


def test_a_hostile_refusal_shows_as_text(home: Path) -> None:
    """Reason phrase, headers and body, in the advice and in the inspector."""
    with served(refuses) as port, screen(home, f"ws://127.0.0.1:{port}/") as terminal:
        terminal.shows("Refused: 401", MARKUP[:20])
        terminal.press("\x1b", "\r", "4", "G", "g")
        assert leaks(bytes(terminal.output), own=OWN) == []


def test_a_hostile_close_shows_as_text(home: Path) -> None:
    """Its reason, in the log, the inspector and the line of the state."""
    with served(closes) as port, screen(home, f"ws://127.0.0.1:{port}/") as terminal:
        terminal.shows("closed 4000")
        look_at_every_row(terminal, 3)
        assert leaks(bytes(terminal.output), own=OWN) == []


def test_a_hostile_certificate_shows_as_text(home: Path) -> None:
    """Names in it, trusted or not: in the advice, the checks and the steps."""
    name = "\x1b[7777m\u202e\x9b7777m[/]EVIL"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA(organization_name=name, organization_unit_name=name)
    authority.issue_cert("127.0.0.1", common_name=name).configure_cert(context)
    with served(talks, tls=context) as port:
        with screen(home, f"wss://127.0.0.1:{port}/") as terminal:
            terminal.shows("[/]EVIL")
            terminal.press("\x1b", "\r", "4")
            assert leaks(bytes(terminal.output), own=OWN) == []
        with screen(home, "-k", f"wss://127.0.0.1:{port}/") as terminal:
            terminal.shows(MARKUP[:40])
            terminal.press("\x1b", "\r", "4", "G", "g")
            terminal.shows("[/]EVIL")
            assert leaks(bytes(terminal.output), own=OWN) == []


async def never_reads(peer: Peer) -> None:
    """A long message, and nothing is read any more."""
    await peer.open()
    peer.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await peer.frames(Frame(Opcode.BINARY, bytes(4 << 20)))
    await asyncio.Event().wait()


def test_a_peer_that_does_not_read_is_told(home: Path) -> None:
    """With what waits for it; the keys go on working."""
    options = ("--close-timeout=0.2",)
    with served(never_reads) as port, screen(home, *options, f"ws://127.0.0.1:{port}/") as terminal:
        terminal.shows("← binary")  # the row, not only its count
        terminal.press("\x1b", "s", "s")
        terminal.shows("peer is not reading: ", " waiting")
        terminal.press("?", "\x1b", "\x11")
        terminal.type("q")
        assert terminal.wait() == 0


STRANGE = (
    {
        "wsdebug": 1,
        "url": f"ws://h/{EVIL}",
        "title": EVIL,
        "tags": [EVIL],
        "headers": [[EVIL, EVIL]],
    },
    {"t": 0, "event": "connecting", "url": EVIL},
    {"t": 0, "event": "dns", "addresses": [EVIL, {}]},
    {
        "t": 0,
        "event": "tls",
        "version": EVIL,
        "cipher": [],
        "cert": {"subject": EVIL, "sha256": {}},
    },
    {"t": 0, "event": "request", "line": EVIL, "headers": [[EVIL, EVIL], 5, [1]], "raw": EVIL},
    {"t": 0, "event": "response", "status": EVIL, "reason": EVIL, "headers": EVIL, "body": [EVIL]},
    {"t": 0, "event": "open", "subprotocol": EVIL, "extensions": [EVIL]},
    {"t": 1, "event": EVIL, EVIL: EVIL},
    {"t": 1, "note": EVIL, "on": 3},
    {"t": 1, "bad": [EVIL], "recv": EVIL},
    {"t": 1, "op": "close", "recv": {"code": 1000, "reason": EVIL}},
    {"t": 1, "event": "closed", "by": EVIL, "code": EVIL, "reason": EVIL, "clean": EVIL},
    {"t": 1, "event": "error", "kind": EVIL, "message": EVIL},
    {"t": 1, "event": "gap", "frames": EVIL, "bytes": [], "why": EVIL},
    {"t": 1, "event": "reconnect", "c": 2, "attempt": EVIL, "delay": EVIL},
    {"t": 1, "event": "meta", "title": EVIL, "tags": EVIL},
    {"t": 1, "recv": MARKUP},
)


@pytest.fixture
def strange(home: Path) -> Path:
    """A session file of a stranger, with values of every wrong type, and damaged lines."""
    lines = [json.dumps(line, ensure_ascii=False) for line in STRANGE]
    folder = home / "sessions"
    folder.mkdir()
    path = folder / "strange[red].ws.jsonl"
    path.write_text("\n".join([*lines[:-1], EVIL.replace("\n", ""), '{"x":1}', lines[-1], ""]))
    return path


@pytest.fixture
def good(home: Path) -> Path:
    """Such a file without damaged lines."""
    lines = [json.dumps(line, ensure_ascii=False) for line in STRANGE]
    path = home / "good.ws.jsonl"
    path.write_text("\n".join([*lines, ""]))
    return path


def test_a_strangers_session_shows_as_text(home: Path, strange: Path) -> None:
    """Every row of it, in every tab; then the library that lists it."""
    with screen(home, "open", str(strange)) as terminal:
        terminal.shows(MARKUP[:40])
        look_at_every_row(terminal, 12)
        terminal.press("\x0f")
        terminal.shows("strange[red]")
        assert leaks(bytes(terminal.output), own=OWN) == []


@pytest.mark.parametrize("options", [[], ["--json"], ["--frame", "10"]], ids=" ".join)
def test_show_prints_a_strangers_session_as_text(
    home: Path, strange: Path, options: list[str]
) -> None:
    """On a terminal; without pager and colours no sequence at all is its own."""
    plain = ("--no-pager", "--color=never")
    with screen(home, "show", *plain, *options, str(strange)) as terminal:
        assert terminal.wait() in (0, 6)
        assert MARKUP[:20] in terminal.output.decode()
        assert leaks(bytes(terminal.output)) == []


COLOURS = frozenset(("\x1b[m",))
COMMANDS = (
    "record --count=3",
    "record --json --count=3",
    "diagnose --ping-interval=9 --ping-timeout=0.2",
    "send -vv --count=3 -d hello",
    "send --json --count=3 -d hello",
    "send --expect=none --timeout=0.2 -d hello",
)
FILES = (
    "clean FILE",
    "diff FILE FILE",
    "replay --dry-run FILE",
    *(f"convert FILE - --to {kind}" for kind in ("csv", "http", "har", "curl", "python")),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_print_a_hostile_server_as_text(home: Path, command: str) -> None:
    """On a terminal: an upgrade, what comes, a close reason, and a refusal."""
    for play in (talks, closes, refuses):
        with served(play) as port:
            url = f"ws://127.0.0.1:{port}/"
            with screen(home, *command.split(), "--close-timeout=0.1", url) as terminal:
                terminal.wait()
                assert b"Traceback" not in terminal.output
                assert b"fault of its own" not in terminal.output
                assert leaks(bytes(terminal.output), own=COLOURS) == []
    assert b"EVIL" in terminal.output


@pytest.mark.parametrize("command", FILES)
def test_commands_print_a_strangers_file_as_text(home: Path, good: Path, command: str) -> None:
    """On a terminal, where they print it."""
    words = [str(good) if word == "FILE" else word for word in command.split()]
    with screen(home, *words) as terminal:
        terminal.wait()
        assert b"Traceback" not in terminal.output
        assert b"fault of its own" not in terminal.output
        assert leaks(bytes(terminal.output), own=COLOURS) == []
    assert b"EVIL" in terminal.output

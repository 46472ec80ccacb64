"""A canary, given as `--secret`, is pushed through every path, and comes out of none."""

import re
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.hostile.evil import SEQUENCE
from tests.hostile.peer import Peer, Play, served
from tests.hostile.screen import Screen, look_at_every_row, screen
from wsdebug.wire.deflate import Deflater
from wsdebug.wire.frame import Frame, Opcode

CANARY = 'Kanari+En"Vogel/77'
DATA = CANARY.encode()
JSON = b'{"a":"Kanari+En\\"Vogel\\/77"}'
BASIC = b64encode(b"me:" + DATA)
COMPRESSION = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover"


def fragments(data: bytes, size: int) -> list[Frame]:
    """A text message in frames of so many bytes."""
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    last = len(pieces) - 1
    return [
        Frame(0 if number else 1, piece, fin=number == last) for number, piece in enumerate(pieces)
    ]


def packed(data: bytes) -> Frame:
    """A compressed text message."""
    return Frame(Opcode.TEXT, Deflater(context_takeover=False).deflate(data), rsv1=True)


def halved(frame: Frame) -> list[Frame]:
    """A compressed message in two frames."""
    half = len(frame.payload) // 2
    return [
        Frame(Opcode.TEXT, frame.payload[:half], rsv1=True, fin=False),
        Frame(Opcode.CONT, frame.payload[half:]),
    ]


MESSAGES = [
    Frame(Opcode.TEXT, b"say " + DATA + b"!"),
    Frame(Opcode.TEXT, JSON),
    *fragments(b"cut " + DATA, 9),
    packed(DATA),
    *halved(packed(JSON)),
    Frame(Opcode.BINARY, b"\0\xff" + DATA + b"\xfe"),
    Frame(Opcode.TEXT, b"Basic " + BASIC),
    Frame(Opcode.TEXT, b"?q=" + quote(CANARY, safe="").encode()),
    Frame(Opcode.TEXT, (b"x" * 4090 + DATA).ljust(9000)),
    Frame(Opcode.PING, DATA),
    Frame(Opcode.TEXT, b"that is all"),
]


TRACES = (
    "Kanar",
    "Voge",
    DATA.hex()[:10],
    DATA.hex(" ")[:14],
    DATA.hex()[20:30],
    *(b64encode(bytes(before) + DATA).decode()[4:16] for before in range(3)),
)


async def talks(peer: Peer) -> None:
    """The canary in every place of an open connection, and in the reason of its end."""
    await says(peer, *MESSAGES, *fragments(DATA, 1))


async def talks_less(peer: Peer) -> None:
    """The same in fewer frames."""
    await says(peer, *MESSAGES)


async def says(peer: Peer, *frames: Frame) -> None:
    """Open, say that, and close."""
    echoed = (
        f"X-Path: /{quote(CANARY, safe='')}",
        f"X-Plain: {CANARY}",
        f"X-Basic: {BASIC.decode()}",
    )
    await peer.open(*echoed, COMPRESSION)
    await peer.frames(*frames, Frame(Opcode.CLOSE, b"\x0f\xa0no " + DATA))
    await peer.stay()


async def refuses(peer: Peer) -> None:
    """The canary in a refusal: reason, headers, body."""
    await peer.read_request()
    headers = f"X-Plain: {CANARY}", f'WWW-Authenticate: Basic realm="{CANARY}"'
    await peer.send(peer.head(*headers, status=f"HTTP/1.1 401 No {CANARY}") + JSON + DATA)


async def redirects(peer: Peer) -> None:
    """To a place that is named after it, and is none."""
    await peer.read_request()
    place = f"Location: ws://127.0.0.1:1/{quote(CANARY)}?a={quote(CANARY)}"
    await peer.send(peer.head(place, "Content-Length: 0", status="HTTP/1.1 302 Found"))


def traces(text: str | bytes) -> list[str]:
    """What tells of the canary in an output, sequences of the terminal left out."""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    plain = SEQUENCE.sub("", text)
    return [trace for trace in TRACES if trace in plain or trace in text]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program keeps its things."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module", params=(talks, refuses, redirects), ids=lambda play: play.__name__)
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """That of a server."""
    with served(request.param) as port:
        yield port


SECRET = ("--secret", f"canary={CANARY}")
EVERYWHERE = (
    *SECRET,
    *("-u", "me:{{canary}}", "-H", "X-Own: a {{canary}}", "--cookie", "a={{canary}}"),
    *("--close-timeout=0.2", "-L"),
)
SENDING = "--wait=0.3 -d {{canary}}"
COMMANDS = (
    "record",
    "record --json",
    "record --payload-only",
    "record --color=always",
    "record --append --log debug.log",
    f"send {SENDING}",
    f"send -v {SENDING}",
    f"send -vv {SENDING}",
    f"send --json {SENDING}",
    *(f"send --output-format {form} {SENDING}" for form in ("text", "hex", "base64", "jsonl")),
    f"send --expect nothing --timeout=0.3 {SENDING}",
    f"send --expect-json $.a==1 --timeout=0.3 {SENDING}",
    "diagnose --ping-interval=9 --ping-timeout=0.2",
    "diagnose --json --ping-interval=9 --ping-timeout=0.2",
    "replay",
    "replay --json",
    "replay --frames",
    "replay --report-junit junit.xml",
    "replay --dry-run",
    "replay --dry-run --json",
)
SCRIPT = """{"wsdebug":1,"url":"ws://127.0.0.1:1/","vars":{"canary":null}}
{"send":"give {{canary}}"}
{"recv":"say {{canary}}?"}
{"recv":{"json":{"a":"other"}}}
{"recv":{"b64":"%s"}}
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_tells_a_secret(command: str, port: int, home: Path) -> None:
    """On stdout and stderr, in what it writes but the payloads of its record."""
    name, *options = command.split()
    url = f"ws://127.0.0.1:{port}/{{{{canary}}}}?q={{{{canary}}}}&token={{{{canary}}}}"
    files = [url]
    if name == "record":
        options += ["-o", "a.ws.jsonl"]
    elif name == "replay":
        (home / "script.ws.jsonl").write_text(SCRIPT % b64encode(DATA).decode())
        files = ["script.ws.jsonl", url]
        options += ["--timeout=0.3", "--record", "a.ws.jsonl"]
    else:
        options += ["--record", "a.ws.jsonl"]
    done = subprocess.run(
        [sys.executable, "-m", "wsdebug", name, *EVERYWHERE, *options, *files],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        cwd=home,
        check=False,
    )
    assert traces(done.stdout) == []
    assert traces(done.stderr) == []
    assert b"fault of its own" not in done.stderr
    for path in home.rglob("*"):
        if path.is_file() and path.name != "script.ws.jsonl":
            kept = [line for line in path.read_bytes().splitlines() if not is_payload(line)]
            assert traces(b"\n".join(kept)) == [], path.name


def is_payload(line: bytes) -> bool:
    """Whether a line of a session holds one: payloads are recorded as they are."""
    return re.search(rb'"(send|recv|body)":', line) is not None


OSC52 = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)[\x07\x1b]")  # a whole one
COPIES = "phbljwonu"  # the keys of everything that can be copied of a row


def leaked(terminal: Screen, home: Path) -> list[str]:
    """What tells of it on the screen, in the clipboard, and in what was written but payloads."""
    output = bytes(terminal.output)
    copied = b"\n".join(b64decode(found) for found in OSC52.findall(output))
    found = traces(output) + traces(terminal.text) + traces(copied)
    for path in home.rglob("*"):
        if path.is_file() and path.name != "trace":
            kept = [line for line in path.read_bytes().splitlines() if not is_payload(line)]
            found += [f"{path.name}: {trace}" for trace in traces(b"\n".join(kept))]
    return found


def test_the_screen_tells_no_secret(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In rows, in each tab of the inspector, in copies, files, pictures, pager and histories."""
    monkeypatch.setenv("WSDEBUG_TRACE", str(home / "trace"))
    pager = "import sys; print(open(sys.argv[1]).read())"
    monkeypatch.setenv("PAGER", f"{sys.executable} -c '{pager}'")
    for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with served(talks_less) as port:
        url = f"ws://127.0.0.1:{port}/{{{{canary}}}}?q={{{{canary}}}}&token={{{{canary}}}}"
        with screen(home, *EVERYWHERE, url) as terminal:
            terminal.shows("closed 4000")
            rows = len(MESSAGES) + 4
            look_at_every_row(terminal, rows)
            terminal.type("ywk" * rows)
            terminal.press("G")
            assert leaked(terminal, home) == []
            for key in COPIES:
                terminal.press("\x1b", "Y", key)
            terminal.press("\x1b", "\x1b[24~", "o", "/", *"bird", "\r", "\x1b")
            assert OSC52.search(terminal.output)
            assert list(home.rglob("*.svg"))
            assert leaked(terminal, home) == []
            terminal.type("\x11")
            assert terminal.wait() == 0
            assert leaked(terminal, home) == []


@pytest.mark.parametrize("play", [refuses, redirects], ids=lambda play: play.__name__)
def test_the_screen_tells_no_secret_of_a_refusal(
    home: Path, monkeypatch: pytest.MonkeyPatch, play: Play
) -> None:
    """In the advice, the handshake and its copies."""
    monkeypatch.setenv("WSDEBUG_TRACE", str(home / "trace"))
    with served(play) as port:
        url = f"ws://127.0.0.1:{port}/{{{{canary}}}}?q={{{{canary}}}}"
        with screen(home, *EVERYWHERE, url) as terminal:
            terminal.until(lambda: "401" in terminal.text or "nobody listens" in terminal.text)
            terminal.press("\x1b", "\r", "4", "G", "g", "y", "\x1b", "k", "k", "\r", "\x1b")
            assert leaked(terminal, home) == []
            terminal.type("\x11")
            assert terminal.wait() == 0
            assert leaked(terminal, home) == []

"""What `-v` says about a session."""

from pathlib import Path

import pytest

from wsdebug.cli.narration import Narration
from wsdebug.log.log import FrameLog

HEADER = b'{"wsdebug":1,"url":"ws://h/"}\n'


def told(path: Path, *lines: bytes, with_frames: bool = True) -> list[str]:
    """The words about lines of a session."""
    path.write_bytes(HEADER + b"".join(line + b"\n" for line in lines))
    log = FrameLog.open(str(path))
    log.complete.wait()
    words = [*Narration(log, log, with_frames=with_frames).news()]
    log.close()
    return words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"t":0,"event":"connecting","url":"ws://h/\\u001b"}', ["* connecting to ws://h/\\x1b"]),
        (b'{"t":0,"event":"dns","addresses":["::1","127.0.0.1"]}', ["* addresses: ::1, 127.0.0.1"]),
        (b'{"t":0,"event":"tcp","local":"a:1","remote":"b:2"}', ["* TCP from a:1 to b:2"]),
        (b'{"t":0,"event":"request","line":"GET / HTTP/1.1","headers":[["A","b"],["C","\\u202e"]]}',
         ["> GET / HTTP/1.1", "> A: b", "> C: \\u202e", ">"]),
        (b'{"t":0,"event":"response","status":400,"reason":"No","headers":[],'
         b'"raw":"SFRUUC8xLjAgNDAwIE5vDQoNCg=="}', ["< HTTP/1.0 400 No", "<"]),
        (b'{"t":0,"event":"proxy","url":"http://p:1","to":"h:80","status":200,"reason":"OK\\u001b",'
         b'"headers":[]}', ["* proxy http://p:1 to h:80: 200 OK\\x1b"]),
        (b'{"t":0,"event":"proxy","url":"socks5://p:1","to":"h:80"}',
         ["* proxy socks5://p:1 to h:80"]),
        (b'{"t":0,"event":"tls","version":"TLSv1.3","cipher":"A","alpn":null,"cert":'
         b'{"subject":"CN=\\u001b","issuer":"CN=b"}}',
         ["* TLSv1.3, A", "* certificate subject: CN=\\x1b", "* certificate issuer: CN=b"]),
        (b'{"t":0,"event":"open","subprotocol":null,"extensions":""}', ["* open"]),
        (b'{"t":0,"event":"open","subprotocol":"chat","extensions":"permessage-deflate"}',
         ["* open, subprotocol chat, permessage-deflate"]),
        (b'{"t":0,"event":"closed","by":"server","code":4000,"reason":"\\u001b","clean":true}',
         ["* closed by server, 4000: \\x1b"]),
        (b'{"t":0,"event":"closed","by":"network","code":1006,"reason":"","clean":false}',
         ["* closed by network, not cleanly, 1006"]),
        (b'{"t":0,"event":"error","kind":"TCP","message":"no"}', ["* error kind=TCP message=no"]),
        (b'{"t":0,"event":"end","frames":1}', []),
        (b'{"t":0,"send":"hi"}', ["> text 2 bytes: hi"]),
        (b'{"t":0,"recv":"\\u001b"}', ["< text 1 byte: \\x1b"]),
        (b'{"t":0,"fin":false,"recv":"a"}', ["< text (more follows) 1 byte: a"]),
        (b'{"t":0,"recv":{"b64":"yv4="}}', ["< binary 2 bytes: ca fe"]),
        (b'{"t":0,"op":"ping","send":""}', ["> ping empty"]),
        (b'{"t":0,"op":"close","recv":{"code":1000,"reason":"a\\u001b"}}', ["< close 1000 a\\x1b"]),
        (b'{"t":0,"op":"close","recv":{}}', ["< close without a code"]),
        (b'{"t":0,"op":3,"bad":["reserved-opcode"],"recv":{"b64":"YQ=="}}',
         ["< 0x3 ! reserved opcode 1 byte: a"]),
        (b'{"t":0,"rsv1":true,"recv":null,"wire":"AA=="}', ["< text could not be inflated"]),
        (b'{"t":0,"note":"mine"}', []),
    ],
)  # fmt: skip
def test_a_line_is_told_escaped(tmp_path: Path, line: bytes, words: list[str]) -> None:
    """`>` was sent, `<` received, `*` happened."""
    assert told(tmp_path / "a.ws.jsonl", line) == words


def test_frames_are_for_the_second_v(tmp_path: Path) -> None:
    """And long ones are cut."""
    lines = (b'{"t":0,"send":"hi"}', b'{"t":0,"recv":"%b"}' % (b"x" * 5000))
    assert told(tmp_path / "a.ws.jsonl", *lines, with_frames=False) == []
    _, long = told(tmp_path / "b.ws.jsonl", *lines)
    assert long.startswith("< text 5,000 bytes: xxx")
    assert long.endswith("x…")
    assert len(long) < 250


def test_only_what_is_new_is_told(tmp_path: Path) -> None:
    """Each line once."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(HEADER + b'{"t":0,"send":"a"}\n')
    log = FrameLog.open(str(path))
    narration = Narration(log, log, with_frames=True)
    assert len([*narration.news()]) == 1
    assert [*narration.news()] == []
    log.close()

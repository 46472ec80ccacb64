"""Any session to any format: whole or not at all, secrets masked, nothing lost in silence."""

import base64
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.formats.conftest import Convert
from wsdebug.errors import RecordingFailed, SessionUnreadable, UsageError
from wsdebug.formats.convert import Conversion, convert
from wsdebug.formats.losses import FACTS
from wsdebug.formats.table import TARGETS, source_by_content, source_by_name, target_of

ROOT = Path(__file__).parents[2]
SESSIONS = sorted((ROOT / "sessions").glob("*.ws.jsonl"))
EVERYTHING = """{"wsdebug":1,"url":"ws://127.0.0.1:1/","started":"2026-08-03T12:00:00.000000Z",
"connect":{"lenient":true},"vars":{"who":"ann"},"title":"all"}
{"t":0.1,"event":"connecting","url":"ws://127.0.0.1:1/"}
{"t":0.1,"event":"gap","frames":3,"bytes":9,"why":"disk full"}
{"t":0.2,"mask":"a1b2c3d4","send":"masked"}
{"t":0.2,"fin":false,"recv":"frag"}
{"t":0.2,"op":"cont","recv":"ment"}
{"t":0.2,"op":"cont","recv":"of nothing"}
{"t":0.3,"rsv1":true,"recv":"Hello","wire":"8kjNyckHAA=="}
{"t":0.3,"rsv2":true,"bad":["reserved-bit"],"recv":"bits"}
{"t":0.3,"len":{"form":16,"declared":3},"bad":["long-length"],"recv":"len"}
{"t":0.3,"cut":900,"recv":"begins"}
{"t":0.3,"rsv1":true,"bad":["inflate-failed"],"recv":null,"wire":"/w=="}
{"t":0.4,"op":"ping","recv":"p"}
{"t":0.4,"op":"pong","mask":"00000000","send":"p"}
{"t":0.4,"op":3,"bad":["reserved-opcode"],"recv":{"b64":"AA=="}}
{"recv":{"json":{"type":"#string"}},"capture":{"x":"$.type"},"optional":true}
{"t":0.5,"note":"remark 17","on":4}
{"wait":0.5}
{"t":1.1,"op":"close","recv":{"code":1000}}
""".replace('Z",\n', 'Z",')


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("session", SESSIONS, ids=lambda path: path.name.partition(".")[0])
def test_every_example_goes_to_every_format(converted: Convert, session: Path, target: str) -> None:
    """The same bytes each time; the session stays as it was."""
    before = session.read_bytes()
    first, report = converted(session, target)
    assert first
    assert converted(session, target)[0] == first
    assert session.read_bytes() == before
    if target == "session":
        assert (first, report.losses) == (before, ())


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "session"])
def test_what_a_format_cannot_hold_is_counted(converted: Convert, target: str) -> None:
    """Every kind of thing that a session can hold."""
    written, report = converted(EVERYTHING, target)
    said = "\n".join(report.losses)
    assert "gap" in said
    assert "1 note (line 17)" in said
    assert "1 pause (line 18)" in said
    for name, (one, many, _) in FACTS.items():
        assert (one in said or many in said) != (name in held(target)), name
    if target not in ("csv", "pcapng"):
        assert "1 frame of a message that is not whole, left out (line 7)" in said
    assert b"remark 17" not in written


def held(target: str) -> frozenset[str]:
    """Facts that the format has a place for, told by hand."""
    control = frozenset(("ping", "pong", "close", "reserved"))
    return {
        "csv": control | {"mask", "fragment", "bits", "violation", "uninflated"},
        "pcapng": frozenset(FACTS) - {"cut", "pattern", "rule"},
        "python": frozenset(("ping", "close")),
    }.get(target, frozenset())


SECRETS = """{"wsdebug":1,"url":"wss://me:hidden1@h/?token=hidden2","headers":[["Authorization",\
"hidden3"],["X-Api-Key","hidden4"]],"connect":{"user":"ann:hidden5","cookie":"a=hidden6",\
"bearer":"hidden7","proxy":"http://u:hidden8@p:1"},"vars":{"password":"hidden9"}}
{"t":0,"event":"connecting","url":"wss://me:hidden1@h/?token=hidden2"}
{"t":0,"event":"request","line":"GET /?token=hidden2 HTTP/1.1","headers":[["Cookie","hidden6"]],\
"raw":"RAW"}
{"t":0,"event":"response","status":302,"reason":"x","headers":[["Set-Cookie","hidden6"],\
["Location","wss://h/?sig=hidden2"]]}
{"t":0,"event":"error","kind":"network","message":"at wss://me:hidden1@h/"}
{"send":"hello"}
""".replace(
    "RAW", base64.b64encode(b"GET /?token=hidden2 HTTP/1.1\r\nCookie: hidden6\r\n\r\n").decode()
)


@pytest.mark.parametrize("target", TARGETS)
def test_secrets_are_masked_in_every_format(converted: Convert, target: str) -> None:
    """Unless they are to be kept; what was masked is named."""
    written, report = converted(SECRETS, target)
    assert b"hidden" not in written
    assert b"hidden" not in base64.b64decode(b"".join(written.split(b'raw":"')[1:]) + b"====")
    assert "Authorization" in report.masked
    kept, report = converted(SECRETS, target, keep_secrets=True)
    assert report.masked == ()
    if target not in ("csv",):
        assert b"hidden2" in kept


def test_a_secret_that_stays_masked_is_not_named(converted: Convert) -> None:
    """The recording told of it already."""
    masked, _ = converted(SECRETS, "session")
    header = json.loads(masked.splitlines()[0])
    assert {"Authorization", "X-Api-Key", "user", "cookie", "bearer"} <= set(header["redacted"])
    assert header["vars"] == {"password": None}
    again, report = converted(masked, "session")
    assert again == masked
    assert report.masked == ()


FRAGMENTS = """{"url":"ws://h/"}
{"t":0,"fin":false,"mask":"a1b2c3d4","send":"my s3"}
{"t":0,"op":"ping","recv":"cre"}
{"t":1,"op":"cont","mask":"a1b2c3d4","send":"cret"}
{"t":2,"rsv1":true,"recv":"s3cret","wire":"8kjNyckHAA=="}
{"t":3,"op":"close","recv":{"code":1000,"reason":"s3cret"}}
{"send":{"json":{"k":"s3cret"}},"timeout":1}
{"recv":{"regex":"s3cret"}}
{"t":4,"note":"s3cret"}
{"t":5,"fin":false,"recv":"s3cret"}
"""


@pytest.mark.parametrize("target", TARGETS)
def test_declared_secrets_are_masked_in_payloads(converted: Convert, target: str) -> None:
    """Across fragments too, and in what was compressed."""
    written, report = converted(FRAGMENTS, target, secrets={"pw": "s3cret"})
    for hidden in (b"s3cret", base64.b64encode(b"s3cret"), b"8kjNyckHAA", b"my s3"):
        assert hidden not in written
    assert any("with a secret" in loss for loss in report.losses)
    if target == "session":
        lines = [json.loads(line) for line in written.splitlines()]
        assert [line.get("send") for line in lines[1:4]] == ["my ***", None, ""]
        assert lines[2]["recv"] == "cre"
        assert lines[4] == {"t": 2, "recv": "***"}
        assert lines[5]["recv"] == {"code": 1000, "reason": "***"}
        assert lines[6] == {"send": {"json": {"k": "***"}}, "timeout": 1}


def test_a_session_is_rewritten_line_by_line(converted: Convert) -> None:
    """Comments, blank lines, unknown keys and odd spellings stay; an archive is inflated."""
    text = '# mine\n\n{ "url": "ws://h/", "x": 1 }\n{"recv" : "a\\u0062", "later": true}\n# end'
    assert converted(text, "session")[0].decode() == text + "\n"
    packed = gzip.compress(text.encode())
    assert converted(packed, "session", name="in.ws.jsonl.gz")[0].decode() == text + "\n"


def asked(source: Path, target: Path, name: str = "csv", **options: Any) -> Conversion:
    """A conversion by paths."""
    return Conversion(str(source), str(target), TARGETS[name], **options)


def test_a_file_is_never_put_in_place_of_another(tmp_path: Path) -> None:
    """Unless it was asked for, and then wholly; its mode is 0600."""
    out = tmp_path / "out.csv"
    out.write_text("mine")
    with pytest.raises(RecordingFailed, match="exists; add --force"):
        convert(asked(SESSIONS[0], out))
    assert out.read_text() == "mine"
    convert(asked(SESSIONS[0], out, force=True))
    assert out.read_text().startswith("line,")
    assert out.stat().st_mode & 0o777 == 0o600
    link = tmp_path / "link.csv"
    link.symlink_to(out.name)
    convert(asked(SESSIONS[1], link, force=True))
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["link.csv", "out.csv"]


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_written_of_a_damaged_session(tmp_path: Path, target: str) -> None:
    """Nor is anything left of the attempt."""
    source = tmp_path / "in.ws.jsonl"
    good = b'{"t":1,"recv":"a"}\n'
    source.write_bytes(b'{"url":"ws://h/"}\n' + good * 5 + b'{"t":1,"recv":}\n' + good)
    with pytest.raises(SessionUnreadable, match="line 7: not JSON") as caught:
        convert(asked(source, tmp_path / "out", target))
    assert caught.value.line == 7
    assert os.listdir(tmp_path) == ["in.ws.jsonl"]


def test_a_torn_last_line_is_left_out_and_said(converted: Convert) -> None:
    """The recording was interrupted."""
    _, report = converted('{"url":"ws://h/"}\n{"recv":"a"}\n{"t":1,"re', "csv")
    assert "1 line that was never finished, left out (line 3)" in report.losses


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    """In words, with the path."""
    with pytest.raises(RecordingFailed, match="cannot write /no/such/folder/x"):
        convert(asked(SESSIONS[0], Path("/no/such/folder/x")))
    with pytest.raises(RecordingFailed, match="cannot write"):
        convert(asked(SESSIONS[0], tmp_path, force=True))
    with pytest.raises(RecordingFailed, match="the disk is full"):
        convert(asked(SESSIONS[0], Path("/dev/full")))
    convert(asked(SESSIONS[0], Path("/dev/null")))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.ws.jsonl", "session"),
        ("a.jsonl", "session"),
        ("A.HAR", "har"),
        ("a.http", "http"),
        ("a.rest", "http"),
        ("a.csv", "csv"),
        ("a.pcapng", "pcapng"),
        ("a.py", "python"),
    ],
)
def test_a_suffix_tells_the_format(path: str, name: str) -> None:
    """Of what is written; `--to` is stronger."""
    assert target_of(path, None).name == name
    assert target_of(path, "curl").name == "curl"


@pytest.mark.parametrize("path", ["-", "a", "a.txt", "a.sh", "a.pcap", "a.ws.jsonl.gz"])
def test_no_suffix_tells_nothing(path: str) -> None:
    """The formats are listed."""
    with pytest.raises(UsageError) as caught:
        target_of(path, None)
    assert caught.value.field == "to"


def test_an_input_is_known_by_its_name_or_its_beginning() -> None:
    """Whatever is neither HAR nor curl is read as a session."""
    assert [source_by_name(name) for name in ("a.har", "a.ws.jsonl.gz", "a.txt", "-")] == [
        "har",
        "session",
        None,
        None,
    ]
    for head, name in (
        (b'\xef\xbb\xbf{\n  "log": {', "har"),
        (b"  curl 'ws://h/'", "curl"),
        (b"$ curl.exe x", "curl"),
        (b'{"url":"ws://h/"}', "session"),
        (b"\x7fELF", "session"),
    ):
        assert source_by_content(head) == name


def test_payloads_in_files_are_read(converted: Convert, tmp_path: Path) -> None:
    """And a missing one is bad input."""
    (tmp_path / "data.bin").write_bytes(b"\0\1\2")
    written, _ = converted('{"url":"ws://h/"}\n{"send":{"file":"data.bin"}}\n', "csv")
    assert b"AAEC" in written
    with pytest.raises(SessionUnreadable, match="line 2: cannot read none"):
        converted('{"url":"ws://h/"}\n{"send":{"file":"none"}}\n', "csv")

"""HAR as it is written: in Chrome's form, read by a reader that is not ours."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from haralyzer import HarParser

from tests.formats.conftest import Convert, written

ROOT = Path(__file__).parents[2]
# What HAR 1.2 demands, as Chrome's and Playwright's readers look for it.
REQUIRED: dict[str, dict[str, Any]] = {
    "log": {"version": str, "creator": dict, "pages": list, "entries": list},
    "creator": {"name": str, "version": str},
    "page": {"startedDateTime": str, "id": str, "title": str, "pageTimings": dict},
    "entry": {
        "pageref": str,
        "startedDateTime": str,
        "time": (int, float),
        "request": dict,
        "response": dict,
        "cache": dict,
        "timings": dict,
        "serverIPAddress": str,
        "connection": str,
        "_resourceType": str,
        "_webSocketMessages": list,
    },
    "request": {
        "method": str,
        "url": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "queryString": list,
        "headersSize": int,
        "bodySize": int,
    },
    "response": {
        "status": int,
        "statusText": str,
        "httpVersion": str,
        "cookies": list,
        "headers": list,
        "content": dict,
        "redirectURL": str,
        "headersSize": int,
        "bodySize": int,
    },
    "content": {"size": int, "mimeType": str},
    "timings": dict.fromkeys(("send", "wait", "receive", "dns", "connect", "ssl"), (int, float)),
    "message": {"type": str, "time": float, "opcode": int, "data": str},
}


def check(kind: str, value: Any) -> None:
    """Everything that is demanded is there, and of its type."""
    for name, types in REQUIRED[kind].items():
        assert isinstance(value[name], types), (kind, name, value)


def checked(data: bytes) -> dict[str, Any]:
    """The log, found whole."""
    log: dict[str, Any] = json.loads(data)["log"]
    check("log", log)
    check("creator", log["creator"])
    for page in log["pages"]:
        check("page", page)
    for entry in log["entries"]:
        check("entry", entry)
        for name in ("request", "response", "timings"):
            check(name, entry[name])
        check("content", entry["response"]["content"])
        assert entry["pageref"] in [page["id"] for page in log["pages"]]
        assert entry["_resourceType"] == "websocket"
        for message in entry["_webSocketMessages"]:
            check("message", message)
            assert message["type"] in ("send", "receive")
            assert message["opcode"] in (1, 2)
        for pair in (*entry["request"]["headers"], *entry["response"]["headers"]):
            assert isinstance(pair["name"], str)
            assert isinstance(pair["value"], str)
    return log


@pytest.mark.parametrize(
    "session", sorted((ROOT / "sessions").glob("*.jsonl")), ids=lambda path: path.name
)
def test_another_reader_takes_it(converted: Convert, session: Path) -> None:
    """haralyzer, which knows nothing of us."""
    data, _ = converted(session, "har")
    log = checked(data)
    parser = HarParser(json.loads(data))
    assert parser.creator["name"] == parser.browser["name"] == "wsdebug"
    [page] = parser.pages
    assert page.title == log["pages"][0]["title"]
    [entry] = page.entries
    assert entry.request.url == log["entries"][0]["request"]["url"]
    assert entry.request.method == "GET"
    assert entry.response.status == log["entries"][0]["response"]["status"]
    assert entry.startTime.tzinfo is not None
    assert entry.time >= 0
    assert entry.serverAddress == entry["serverIPAddress"]
    assert entry.timings["send"] >= 0
    assert page.filter_entries(request_type="GET", status_code="101") == (
        page.entries if entry.response.status == 101 else []
    )


def test_an_entry_tells_of_the_handshake(converted: Convert) -> None:
    """By the events of the recording."""
    path = ROOT / "sessions" / "ticker.ws.jsonl"
    [entry] = checked(converted(path, "har")[0])["entries"]
    times = {}
    for name in ("connecting", "dns", "tcp", "request", "response", "end"):
        _, moment, line = written(path, f'"event": "{name}"')
        times[name] = line["t"]
        if name == "connecting":
            assert entry["startedDateTime"] == f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
    request, response = entry["request"], entry["response"]
    assert request["url"] == "ws://127.0.0.1:9911/ticker?rate=50"
    assert request["queryString"] == [{"name": "rate", "value": "50"}]
    assert {"name": "Upgrade", "value": "websocket"} in request["headers"]
    assert (request["httpVersion"], response["httpVersion"]) == ("HTTP/1.1", "HTTP/1.1")
    assert request["headersSize"] > 100
    assert (response["status"], response["statusText"]) == (101, "Switching Protocols")
    assert entry["serverIPAddress"] == "127.0.0.1"
    assert entry["connection"] == "9911"
    assert entry["timings"]["ssl"] == -1
    steps = (("dns", "connecting"), ("tcp", "dns"), ("request", "tcp"), ("response", "request"))
    took = {name: (times[name] - times[before]) * 1000 for name, before in steps}
    told = [entry["timings"][name] for name in ("dns", "connect", "send", "wait")]
    assert told == pytest.approx(list(took.values()))
    assert entry["time"] == pytest.approx((times["end"] - times["connecting"]) * 1000, abs=1)


def test_messages_are_whole_and_in_order(converted: Convert) -> None:
    """Fragments joined, compressed ones inflated, binary as base64, times as seconds from 1970."""
    path = ROOT / "sessions" / "fragments.ws.jsonl"
    [entry] = checked(converted(path, "har")[0])["entries"]
    history = '{"type":"history","note":"cents of €: cut between two frames"}'
    subscribe = '{"type":"subscribe"}'
    messages = entry["_webSocketMessages"]
    assert [(each["type"], each["opcode"], each["data"]) for each in messages] == [
        ("receive", 1, history),
        ("send", 1, subscribe),
        ("receive", 1, subscribe),
    ]
    times = [written(path, what)[1].timestamp() for what in ("history", "subscribe")]
    assert [each["time"] for each in messages[:2]] == pytest.approx(times, abs=1e-6)
    assert messages[2]["time"] >= messages[1]["time"]
    [entry] = checked(converted(ROOT / "sessions" / "echo.ws.jsonl", "har")[0])["entries"]
    binary = [message for message in entry["_webSocketMessages"] if message["opcode"] == 2]
    assert [base64.b64decode(message["data"]) for message in binary] == [bytes(range(32))] * 2


TWO = """{"wsdebug":1,"url":"wss://h/a?x=1","started":"2026-08-03T12:00:00.000000Z"}
{"t":0,"event":"connecting","url":"wss://h/a?x=1"}
{"t":0.1,"event":"tcp","local":"[::1]:5","remote":"[::1]:443"}
{"t":0.2,"event":"tls","version":"TLSv1.3","cert":{"subject":"h","issuer":"CA","sha256":"00"}}
{"t":0.3,"event":"request","line":"GET /a?x=1 HTTP/1.1","headers":[["Host","h"],["X-A","1"]]}
{"t":0.5,"event":"response","status":302,"reason":"Found","headers":[["Location","wss://h/b"]]}
{"t":0.5,"event":"connecting","url":"wss://h/b"}
{"t":0.6,"event":"request","line":"GET /b HTTP/1.1","headers":[["Host","h"]]}
{"t":0.9,"event":"response","status":101,"reason":"Switching","headers":[["Sec-WebSocket-Accept","x"]]}
{"t":0.9,"event":"open","subprotocol":null,"extensions":""}
{"t":1,"recv":"one"}
{"t":2,"c":2,"event":"connecting","url":"wss://h/c"}
{"t":2.5,"c":2,"event":"response","status":403,"reason":"No","headers":[["Content-Type","text/x"]],\
"body":"go away"}
{"t":2.5,"c":2,"event":"error","kind":"refused","message":"403 No"}
{"t":3,"recv":{"b64":"/w=="},"op":"text"}
{"t":4,"c":3,"event":"response","status":500,"reason":"","headers":[],"body":{"b64":"AP8="}}
"""


def test_every_connection_has_its_entry(converted: Convert) -> None:
    """By its last way in; refusals with their bodies."""
    data, report = converted(TWO, "har")
    first, second, third = checked(data)["entries"]
    assert first["request"]["url"] == "wss://h/b"
    assert first["startedDateTime"] == "2026-08-03T12:00:00.000000Z"
    assert [m["data"] for m in first["_webSocketMessages"]] == ["one", "/w=="]
    assert first["timings"]["wait"] == 300
    assert second["response"]["status"] == 403
    assert second["response"]["_error"] == "403 No"
    assert second["response"]["content"] == {"size": 7, "mimeType": "text/x", "text": "go away"}
    assert second["_webSocketMessages"] == []
    content = third["response"]["content"]
    assert content == {"size": 2, "mimeType": "x-unknown", "text": "AP8=", "encoding": "base64"}
    assert "1 text message that is not UTF-8, written as binary (line 15)" in report.losses


def test_the_entry_of_a_tls_connection_has_its_certificate(converted: Convert) -> None:
    """And IPv6 without brackets."""
    text = "\n".join(TWO.splitlines()[:5]) + "\n"
    [entry] = checked(converted(text, "har")[0])["entries"]
    details = {"protocol": "TLSv1.3", "subjectName": "h", "issuer": "CA"}
    assert entry["_securityDetails"] == details
    assert (entry["serverIPAddress"], entry["connection"]) == ("::1", "443")
    assert entry["timings"]["ssl"] == pytest.approx(100)
    assert entry["request"]["headers"] == [
        {"name": "Host", "value": "h"},
        {"name": "X-A", "value": "1"},
    ]


def test_cookies_are_taken_apart_when_they_are_kept(converted: Convert) -> None:
    """Masked they are none."""
    text = (
        '{"url":"ws://h/"}\n'
        '{"t":0,"event":"request","line":"GET / HTTP/1.1","headers":[["Cookie","a=1; b=2"]]}\n'
        '{"t":0,"event":"response","status":101,"headers":[["Set-Cookie","c=3; Path=/"]]}\n'
    )
    [entry] = checked(converted(text, "har", keep_secrets=True)[0])["entries"]
    assert entry["request"]["cookies"] == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": "2"},
    ]
    assert entry["response"]["cookies"] == [{"name": "c", "value": "3"}]
    [entry] = checked(converted(text, "har")[0])["entries"]
    assert (entry["request"]["cookies"], entry["response"]["cookies"]) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        '{"url":"ws://h/"}\n',
        '{"url":"ws://h/?%"}\n{"t":0,"event":"request","line":5,"headers":[1,["a"],["b",2]]}\n',
        '{"url":"ws://[/"}\n{"t":0,"event":"response","status":"x","headers":{},"raw":"*","body":7}\n',
        '{"url":"ws://h/"}\n{"event":"tcp","remote":7}\n{"event":"tls","cert":[]}\n{"t":1,"recv":""}\n',
        '{"send":"no header"}\n',
    ],
)
def test_a_session_by_hand_may_lack_anything(converted: Convert, text: str) -> None:
    """The archive is whole all the same."""
    data, report = converted(text, "har")
    log = checked(data)
    assert len(log["entries"]) == 1
    assert "1 start time, taken for 1970" in report.losses
    assert log["entries"][0]["startedDateTime"].startswith("1970-01-01T00:00:0")
    has_frames = '"recv"' in text or '"send"' in text
    assert log["entries"][0]["response"]["status"] == (101 if has_frames else 0)


def test_what_was_asked_for_stands_in_for_a_request(converted: Convert) -> None:
    """Where none was recorded."""
    text = (
        '{"url":"ws://h/","headers":[["X-A","b"],["User-Agent",""]],"subprotocols":["v1"],'
        '"connect":{"origin":"http://o"}}\n{"recv":"x"}\n'
    )
    [entry] = checked(converted(text, "har")[0])["entries"]
    assert {pair["name"]: pair["value"] for pair in entry["request"]["headers"]} == {
        "X-A": "b",
        "Origin": "http://o",
        "Sec-WebSocket-Protocol": "v1",
    }

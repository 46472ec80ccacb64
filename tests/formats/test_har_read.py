"""HAR files of browsers, proxies and test tools, as sessions."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.formats.conftest import Convert
from wsdebug.errors import SessionUnreadable
from wsdebug.session.encode import encode_frame_line, encode_header
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame

CHECK = Draft202012Validator(
    json.loads(files("wsdebug.session").joinpath("schema.json").read_text())
)
STARTED = "2026-08-03T12:00:00.000Z"
EPOCH = datetime(2026, 8, 3, 12, tzinfo=UTC).timestamp()


def entry(messages: Any = (), **members: Any) -> dict[str, Any]:
    """One of Chrome's, as it exports it."""
    return {
        "_connectionId": "2945",
        "_initiator": {"type": "script"},
        "_priority": None,
        "_resourceType": "websocket",
        "_webSocketMessages": list(messages),
        "cache": {},
        "connection": "2945",
        "request": {
            "method": "GET",
            "url": "wss://h.example/feed",
            "httpVersion": "HTTP/1.1",
            "headers": [
                {"name": "Host", "value": "h.example"},
                {"name": "Origin", "value": "https://h.example"},
                {"name": "Cookie", "value": "sid=1"},
                {"name": "Sec-WebSocket-Key", "value": "x"},
                {"name": "Sec-WebSocket-Protocol", "value": "v2, v1"},
                {"name": "X-A", "value": "b"},
            ],
            "queryString": [],
            "cookies": [],
            "headersSize": 500,
            "bodySize": 0,
        },
        "response": {
            "status": 101,
            "statusText": "Switching Protocols",
            "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Sec-WebSocket-Protocol", "value": "v2"}],
            "cookies": [],
            "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "",
            "headersSize": 129,
            "bodySize": 0,
            "_transferSize": 129,
            "_error": None,
        },
        "serverIPAddress": "192.0.2.7",
        "startedDateTime": STARTED,
        "time": 1000,
        "timings": {"blocked": 5, "dns": -1, "connect": 10, "ssl": 5, "send": 1, "wait": 4},
        **members,
    }


def har(*entries: Any, **log: Any) -> str:
    """A file of them."""
    creator = {"name": "WebInspector", "version": "537.36"}
    return json.dumps(
        {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": entries, **log}},
        indent=2,
    )


def text(kind: str, time: Any, data: str = "x") -> dict[str, Any]:
    """A text message."""
    return {"type": kind, "time": time, "opcode": 1, "data": data}


def lines_of(written: bytes) -> list[dict[str, Any]]:
    """The lines of a session."""
    return [json.loads(line) for line in written.splitlines()]


def frames_of(written: bytes) -> list[dict[str, Any]]:
    """Those that are frames."""
    return [line for line in lines_of(written) if "send" in line or "recv" in line]


def read(converted: Convert, *entries: Any) -> list[dict[str, Any]]:
    """The session of an archive, valid by the schema."""
    lines = lines_of(converted(har(*entries), "session", name="in.har")[0])
    for line in lines:
        CHECK.validate(line)
    return lines


def test_chromes_form_is_read(converted: Convert) -> None:
    """The way in, the messages at their times, and how to connect again."""
    messages = [
        text("send", EPOCH + 0.5, '{"a":1}'),
        text("receive", EPOCH + 0.75, "é"),
        {"type": "receive", "time": EPOCH + 1, "opcode": 2, "data": "AAEC"},
    ]
    written, report = converted(
        har(entry(messages), {"request": {"url": "https://h/"}}), "session", name="in.har"
    )
    header, *lines = lines_of(written)
    assert header["url"] == "wss://h.example/feed"
    assert header["started"] == "2026-08-03T12:00:00.000000Z"
    assert header["headers"] == [["X-A", "b"]]
    assert header["subprotocols"] == ["v2", "v1"]
    assert header["connect"] == {"origin": "https://h.example", "cookie": "***"}
    assert [line["event"] for line in lines if "event" in line] == [
        "connecting",
        "tcp",
        "request",
        "response",
        "open",
        "end",
    ]
    assert lines[1]["remote"] == "192.0.2.7:443"
    assert lines[4] == {"t": 0.02, "event": "open", "subprotocol": "v2", "extensions": ""}
    assert frames_of(written) == [
        {"t": 0.5, "send": '{"a":1}'},
        {"t": 0.75, "recv": "é"},
        {"t": 1.0, "recv": {"b64": "AAEC"}},
    ]
    assert report.losses == ("1 entry that is no WebSocket",)
    assert set(report.masked) >= {"cookie"}


@pytest.mark.parametrize(
    ("form", "started", "times", "expected"),
    [
        ("Chrome: seconds from 1970", STARTED, [EPOCH + 0.25, EPOCH + 9], [0.25, 9]),
        ("Playwright: milliseconds", STARTED, [EPOCH * 1e3 + 250, EPOCH * 1e3 + 9000], [0.25, 9]),
        ("microseconds", STARTED, [EPOCH * 1e6 + 250_000], [0.25]),
        ("Playwright without times", STARTED, [-1, -1], [0, 0]),
        ("relative to the start", STARTED, [0.25, 9], [0.25, 9]),
        ("from nowhere: a clock of its own", STARTED, [123456.5, 123457], [0, 0.5]),
        ("before the start, and back again", STARTED, [EPOCH - 2, EPOCH + 3, EPOCH + 1], [0, 3, 3]),
        ("some missing", STARTED, [None, EPOCH + 1, None], [0, 1, 1]),
        ("no start: the first message's", None, [EPOCH + 1, EPOCH + 2], [0, 1]),
        ("no start: milliseconds", None, [EPOCH * 1e3, EPOCH * 1e3 + 500], [0, 0.5]),
        ("no start at all", None, [0.5, 1], [0.5, 1]),
        ("Fiddler: the year 1", "0001-01-01T00:00:00+00:00", [EPOCH + 1, EPOCH + 2], [0, 1]),
        ("another zone", "2026-08-03T14:00:00.000+02:00", [EPOCH + 1], [1]),
    ],
)
def test_times_count_from_the_start(
    converted: Convert, form: str, started: str | None, times: Sequence[Any], expected: list[float]
) -> None:
    """Whatever they counted from; none falls."""
    messages = [text("receive", time) for time in times]
    written, _ = converted(
        har(entry(messages, startedDateTime=started, timings={})), "session", name="in.har"
    )
    assert [frame["t"] for frame in frames_of(written)] == pytest.approx(expected, abs=1e-6)


def test_the_least_is_enough(converted: Convert) -> None:
    """A URL, and messages that have no opcode, time or data."""
    messages = [{"type": "send", "data": "hi"}, {"type": "receive"}]
    small = {"request": {"url": "wss://h/"}, "_webSocketMessages": messages}
    lines = read(converted, small)
    assert lines[0] == {
        "wsdebug": 1,
        "url": "wss://h/",
        "app": lines[0]["app"],
        "headers": [],
        "subprotocols": [],
        "connect": {},
    }
    assert [line for line in lines if "event" not in line][1:] == [
        {"t": 0, "send": "hi"},
        {"t": 0, "recv": ""},
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://h/x?y#z", "wss://h/x?y"),  # mitmproxy
        ("http://127.0.0.1:8080/", "ws://127.0.0.1:8080/"),
        ("WSS://h/", "wss://h/"),
    ],
)
def test_other_schemes_are_web_sockets_too(converted: Convert, url: str, expected: str) -> None:
    """mitmproxy writes that of HTTP."""
    request = {"method": "GET", "url": url, "headers": [["X-Pair", "1"]]}  # Slack: pairs
    lines = read(converted, entry([text("send", 1)], request=request))
    assert lines[0]["url"] == expected
    assert lines[0]["headers"] == [["X-Pair", "1"]]


def test_firefox_has_no_messages(converted: Convert) -> None:
    """The handshake is there all the same, also one that was refused."""
    refused = {
        "status": 403,
        "statusText": "Forbidden",
        "headers": [],
        "content": {"text": "bm8=", "encoding": "base64"},
    }
    fire = entry(startedDateTime="2026-08-03T14:00:00.000+02:00", _resourceType=None)
    del fire["_webSocketMessages"]
    later = fire | {"startedDateTime": "2026-08-03T12:00:09.000Z", "response": refused}
    lines = read(converted, later, fire)
    events = [(line.get("c", 1), line["event"], line["t"]) for line in lines if "event" in line]
    assert events == [
        (1, "connecting", 0),
        (1, "tcp", 0),
        (1, "request", 0),
        (1, "response", 0.02),
        (1, "open", 0.02),
        (2, "connecting", 9),
        (2, "tcp", 9),
        (2, "request", 9),
        (2, "response", 9.02),
        (2, "error", 9.02),
        (1, "end", 9),
    ]
    body = next(line for line in lines if line.get("status") == 403)
    assert body["body"] == {"b64": "bm8="}


def test_messages_of_several_connections_stand_in_the_order_of_time(converted: Convert) -> None:
    """Each with its connection."""
    first = entry([text("receive", EPOCH + 1, "a"), text("receive", EPOCH + 3, "c")])
    second = entry([text("receive", EPOCH + 2, "b")], startedDateTime="2026-08-03T12:00:01.500Z")
    lines = read(converted, second, first)
    assert [(line.get("c", 1), line["recv"]) for line in lines if "recv" in line] == [
        (1, "a"),
        (2, "b"),
        (1, "c"),
    ]
    times = [line["t"] for line in lines if "t" in line]
    assert times[:-1] == sorted(times[:-1])


def test_odd_messages_are_kept_as_far_as_they_go(converted: Convert) -> None:
    """Chrome's error, control frames as base64, what is no base64, lone surrogates."""
    messages = [
        {"type": "error", "time": EPOCH, "opcode": -1, "data": "broke\ud800"},
        {"type": "receive", "time": EPOCH, "opcode": 9, "data": "cA=="},
        {"type": "send", "time": EPOCH, "opcode": 8, "data": "A+hieWU="},
        {"type": "receive", "time": EPOCH, "opcode": 2, "data": "no base64!"},
        text("receive", EPOCH, "\ud800x"),
    ]
    written, report = converted(har(entry(messages)), "session", name="in.har")
    lines = lines_of(written)
    error = next(line for line in lines if line.get("event") == "error")
    assert (error["kind"], error["message"]) == ("browser", "broke\ufffd")
    frames = [(line.get("op"), line.get("send", line.get("recv"))) for line in frames_of(written)]
    assert frames == [
        ("ping", "p"),
        ("close", {"code": 1000, "reason": "bye"}),
        (None, {"b64": "bm8gYmFzZTY0IQ=="}),
        (None, "\ufffdx"),
    ]
    assert "1 data that is not base64, taken as text" in report.losses
    assert "1 lone surrogate, written as U+FFFD" in report.losses


def test_messages_in_another_file_are_missed(converted: Convert) -> None:
    """Playwright's `content: attach`."""
    response = {"status": 101, "content": {"_file": "0f.jsonl"}}
    attached = entry(response=response)
    del attached["_webSocketMessages"]
    _, report = converted(har(attached), "session", name="in.har")
    assert [loss for loss in report.losses if "0f.jsonl" in loss]


BROKEN: list[tuple[str, int, str]] = [
    ("", 1, "nothing here"),
    ("{", 1, "missing"),
    ('{"log":\n{"entries":[\n{]}}', 3, "name in double quotes"),
    ("\x00", 1, "a value should stand here"),
    ('{"log":\nNaN}', 2, "NaN is not in JSON"),
    ("[]", 1, "the document is not an object"),
    ('{"log":{}}', 1, "log.entries is missing: this is no HAR file"),
    ('{\n"log":\n[]}', 3, "log is not an object"),
    ('{"log":{"entries":\n{}}}', 2, "log.entries is not a list"),
    ('{"log":{"entries":[\n\n5]}}', 3, "log.entries[0] is not an object"),
    ('{"log":{"entries":[]}}', 0, "none of its entries is a WebSocket"),
    ('{"log":{"entries":[{"request":{"url":"https://h/"}}]}}', 0, "none of its entries"),
    ("[" * 100_000, 0, "nested too deeply"),
]


@pytest.mark.parametrize(("content", "line", "words"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_har_is_refused(converted: Convert, content: str, line: int, words: str) -> None:
    """With file and line."""
    with pytest.raises(SessionUnreadable, match=re.escape(words)) as caught:
        converted(content, "session", name="in.har")
    assert caught.value.line == line
    assert "in.har" in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"startedDateTime": "yesterday"}, "startedDateTime is not an ISO 8601 time"),
        ({"startedDateTime": 5}, "startedDateTime is not a string"),
        ({"request": {"url": "ftp://h/"}}, "request.url is not a ws, wss, http or https URL"),
        ({"request": {}}, "request.url is not a ws"),
        ({"request": {"url": "ws://[::1/"}}, "request.url is not a ws"),
        ({"request": {"url": "ws://h/", "headers": [["a"]]}}, "headers[0] is not a name and"),
        ({"request": {"url": "ws://h/", "headers": {}}}, "request.headers is not a list"),
        ({"_webSocketMessages": [text("sideways", 1)]}, "[0].type is neither send nor receive"),
        ({"_webSocketMessages": [text("send", "soon")]}, "[0].time is not a number"),
        ({"_webSocketMessages": [text("send", True)]}, "[0].time is not a number"),
        ({"_webSocketMessages": [text("send", 10**400)]}, "[0].time is not a number that can"),
        ({"_webSocketMessages": [text("send", 1), text("send", 1e17)]}, "[1].time is too far"),
        ({"_webSocketMessages": [text("send", 1), text("send", 1) | {"opcode": 16}]}, "[1].opcode"),
        ({"_webSocketMessages": [text("send", 1) | {"data": {}}]}, "[0].data is not a string"),
        ({"response": {"status": "101"}}, "response.status is not a number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_malformed_is_said_with_its_place(
    converted: Convert, changed: dict[str, Any], words: str
) -> None:
    """The path of the value, and its line."""
    content = har(entry(), entry(**changed))
    with pytest.raises(SessionUnreadable) as caught:
        converted(content, "session", name="in.har")
    assert re.search(r"in\.har, line [0-9]+: log\.entries\[1\]", str(caught.value))
    assert words in str(caught.value)
    pointed = content.split("\n")[caught.value.line - 1]
    member = words.split(" ")[0].rpartition(".")[2].partition("[")[0]
    if changed != {"request": {}}:
        assert f'"{member}"' in pointed or pointed.strip() in ("{", "[")


payloads = st.binary(max_size=20) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(st.booleans(), payloads, st.integers(0, 10**9)), max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_there_and_back_again(
    converted: Convert, messages: list[tuple[bool, str | bytes, int]]
) -> None:
    """Every data message, its direction, kind and time to the microsecond."""
    header = {"wsdebug": 1, "url": "ws://h/", "started": "2026-08-03T12:00:00.123456Z"}
    lines, now = [encode_header(header)], 0
    for sent, payload, step in messages:
        now += step
        data = payload if isinstance(payload, bytes) else payload.encode()
        is_text = isinstance(payload, str)
        frame = Frame(1 if is_text else 2, data)
        line = FrameLine(0, now, sent, frame, data, is_text=is_text, any_mask=True)
        lines.append(encode_frame_line(line))
    archive, _ = converted(b"".join(lines), "har")
    back, report = converted(archive, "session", name="in.har")
    assert back.splitlines(keepends=True)[0].split(b",")[1] == b'"url":"ws://h/"'
    assert [json.dumps(frame) for frame in frames_of(back)] == [
        json.dumps(json.loads(line)) for line in lines[1:]
    ]
    assert report.losses == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a value."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [path, *(found for name, item in pairs for found in places(item, (*path, name)))]


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_whatever_stands_in_an_archive_is_read_or_refused(
    converted: Convert, data: st.DataObject
) -> None:
    """In words; what is written is a session."""
    archive = json.loads(har(entry([text("send", EPOCH), text("receive", EPOCH + 1)])))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(archive)[1:]))
        inside = archive
        for name in way:
            inside = inside[name]
        inside[last] = data.draw(json_values)
    try:
        written, _ = converted(json.dumps(archive), "session", name="in.har")
    except SessionUnreadable:
        return
    for line in lines_of(written):
        CHECK.validate(line)

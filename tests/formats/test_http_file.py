"""JetBrains' .http files: what its client would send."""

import re

import pytest

from tests.formats.conftest import Convert


def parsed(data: bytes) -> list[dict[str, object]]:
    """The requests, as the format describes them: headers, and messages with their waits."""
    requests: list[dict[str, object]] = []
    for block in re.split(r"^### .*\n", data.decode(), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n\n")
        first, *headers = head.splitlines()
        messages: list[tuple[int, str]] = []
        waits = 0
        for line in body.rstrip("\n").split("\n") if body.strip() else ():
            if line == "=== wait-for-server":
                waits += 1
                is_new = True
            elif line == "===":
                waits, is_new = 0, True
            elif is_new:
                messages.append((waits, line))
                waits, is_new = 0, False
            else:
                waits_before, text = messages[-1]
                messages[-1] = (waits_before, f"{text}\n{line}")
        requests.append({"first": first, "headers": headers, "messages": messages})
    return requests


SESSION = """{"url":"wss://h/feed","headers":[["X-A","b c"],["User-Agent",""]],\
"subprotocols":["v2","v1"],"connect":{"origin":"https://o","bearer":"t0p"},"vars":{"who":"ann",\
"no":null}}
{"recv":"welcome"}
{"recv":"again"}
{"send":"{\\"a\\":1}"}
{"send":"two\\nlines"}
{"recv":"answer"}
{"send":{"json":{"who":"{{who}}"}}}
{"recv":"last"}
"""


def test_a_connection_is_a_request(converted: Convert) -> None:
    """URL, headers, messages, and as many waits as messages came between."""
    data, report = converted(SESSION, "http")
    assert data.decode().startswith("@who = ann\n\n### ")
    assert parsed(data) == [
        {
            "first": "WEBSOCKET wss://h/feed",
            "headers": [
                "Authorization: Bearer ***",
                "Origin: https://o",
                "X-A: b c",
                "Sec-WebSocket-Protocol: v2, v1",
            ],
            "messages": [(2, '{"a":1}'), (0, "two\nlines"), (1, '{"who":"{{who}}"}')],
        }
    ]
    assert report.losses == (
        "4 received messages, only waited for (lines 2, 3, 6, …)",
        "1 default header that was removed (User-Agent)",
        "1 of them came after the last message sent: not waited for",
    )


def test_connections_are_separate_requests(converted: Convert) -> None:
    """Each with its own URL."""
    text = (
        '{"url":"ws://a/"}\n{"send":"1"}\n'
        '{"c":2,"event":"connecting","url":"ws://b/"}\n{"c":2,"send":"2"}\n'
    )
    requests = parsed(converted(text, "http")[0])
    assert [(one["first"], one["messages"]) for one in requests] == [
        ("WEBSOCKET ws://a/", [(0, "1")]),
        ("WEBSOCKET ws://b/", [(0, "2")]),
    ]
    assert parsed(converted('{"url":"ws://a/"}\n', "http")[0])[0]["messages"] == []


@pytest.mark.parametrize(
    "text",
    ["===", "a\\n=== b", "### x", "a\\n###", "< ./file", "<@ ./file", "> {% x %}", ">> out", ""],
)
def test_what_would_be_taken_otherwise_is_left_out(converted: Convert, text: str) -> None:
    """The format has no way to escape it; it is counted, with its line."""
    session = f'{{"url":"ws://h/"}}\n{{"send":"before"}}\n{{"send":"{text}"}}\n{{"send":"after"}}\n'
    data, report = converted(session, "http")
    assert parsed(data)[0]["messages"] == [(0, "before"), (0, "after")]
    [loss] = report.losses
    assert "left out (line 3)" in loss


def test_a_header_is_one_line_of_the_request(converted: Convert) -> None:
    """One that would begin a script or another request is left out, and a URL is one line."""
    session = (
        '{"url":"ws://h/\\n\\n< {% x %}","connect":{"origin":"a\\n\\n> {% x %}"},'
        '"headers":[["A\\n\\n> {% x %}","b"],["###","c"],["B","d"]]}\n'
    )
    data, report = converted(session, "http")
    assert data.decode().splitlines() == [
        "### connection 1",
        "WEBSOCKET ws://h/%0A%0A< {% x %}",
        "B: d",
        "",
    ]
    assert report.losses == ("1 header that means something else there, left out",)


@pytest.mark.parametrize("text", ["{{unknown}}", " space", "end\\n", "# title", "// x", "a\\rb"])
def test_what_may_be_changed_is_said(converted: Convert, text: str) -> None:
    """It stands there all the same."""
    data, report = converted(f'{{"url":"ws://h/"}}\n{{"send":"{text}"}}\n', "http")
    assert len(parsed(data)[0]["messages"]) == 1  # type: ignore[arg-type]
    [loss] = report.losses
    assert loss.startswith("1 message that the client may change")


@pytest.mark.parametrize("text", ["<a>", ">x", "==", "a === b", '{"a":{"b":{}}}', "#x"[1:]])
def test_what_only_looks_odd_is_kept(converted: Convert, text: str) -> None:
    """Without a word."""
    escaped = text.replace('"', '\\"')
    data, report = converted(f'{{"url":"ws://h/"}}\n{{"send":"{escaped}"}}\n', "http")
    assert parsed(data)[0]["messages"] == [(0, text)]
    assert report.losses == ()


def test_binary_messages_are_left_out(converted: Convert) -> None:
    """The format has only text."""
    data, report = converted('{"url":"ws://h/"}\n{"send":{"hex":"00ff"}}\n', "http")
    assert parsed(data)[0]["messages"] == []
    assert report.losses == ("1 binary message, left out (line 2)",)

"""A recording made fit for version control."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wsdebug.errors import SessionUnreadable
from wsdebug.replay.clean import cleaned
from wsdebug.session.parse import parse_line

Session = Callable[..., Path]
ROOT = Path(__file__).parents[2]


def clean(path: Path, **secrets: str) -> list[str]:
    """The lines, without their newlines."""
    return b"".join(cleaned(str(path), secrets)).decode().splitlines()


@pytest.mark.parametrize(
    ("line", "became"),
    [
        ({"t": 1, "mask": "01020304", "send": "a"}, {"send": "a"}),
        ({"t": 1, "mask": None, "send": "a"}, {"mask": None, "send": "a"}),
        (
            {"t": 1, "rsv1": True, "recv": "a", "wire": "SgQA"},
            {"recv": "a"},
        ),
        ({"t": 1, "rsv1": True, "recv": "a", "wlen": 3}, {"recv": "a"}),
        ({"t": 1, "rsv1": True, "bad": ["reserved-bit"], "recv": "a"}, ...),
        ({"send": '{"a":1}'}, {"send": {"json": {"a": 1}}}),
        ({"send": '{"a": 1}'}, {"send": '{"a": 1}'}),
        ({"send": '{"a":1.10}'}, {"send": '{"a":1.10}'}),
        ({"send": '{"a":"\\u00e9"}'}, {"send": '{"a":"\\u00e9"}'}),
        ({"send": '{"c":"#fff"}'}, {"send": {"json": {"c": "#fff"}}}),
        ({"recv": '{"a": 1}'}, {"recv": {"json": {"a": 1}}}),
        ({"recv": '{"c":"#fff"}'}, {"recv": {"json": {"c": "#=fff"}}}),
        ({"recv": '["#string"]'}, {"recv": {"json": ["#=string"]}}),
        ({"recv": "12"}, {"recv": "12"}),
        ({"recv": '{"a":1,"a":2}'}, {"recv": '{"a":1,"a":2}'}),
        ({"op": "text", "fin": False, "recv": "{}"}, {"op": "text", "fin": False, "recv": "{}"}),
        ({"op": "cont", "recv": "{}"}, {"op": "cont", "recv": "{}"}),
        ({"cut": 99, "recv": "{}"}, {"cut": 99, "recv": "{}"}),
        (
            {"t": 1, "c": 2, "x": 1, "recv": {"b64": "AA=="}},
            {"c": 2, "x": 1, "recv": {"b64": "AA=="}},
        ),
        ({"t": 1, "event": "meta", "title": "x"}, {"event": "meta", "title": "x"}),
        ({"wait": 0.5}, {"wait": 0.5}),
    ],
)
def test_a_line_keeps_what_is_the_same_in_each_run(
    session: Session, line: dict[str, Any], became: Any
) -> None:
    """Not its time, key or bytes on the wire; JSON is spelled out where that is the same."""
    if became is ...:
        became = {key: value for key, value in line.items() if key != "t"}
    (found,) = clean(session(line))
    assert json.loads(found) == became


@pytest.mark.parametrize(
    "name", ["dns", "tcp", "tls", "request", "response", "open", "closed", "end"]
)
def test_events_of_the_transport_go(session: Session, name: str) -> None:
    """Whatever is in them."""
    assert clean(session({"t": 1, "event": name, "x": 1}, {"send": "a"})) == ['{"send": "a"}']


def test_notes_point_where_they_did(session: Session) -> None:
    """With the new numbers; at nothing where their line is gone."""
    path = session(
        {"wsdebug": 1, "url": "ws://h/"},
        {"t": 1, "event": "open"},
        {"t": 2, "recv": "a"},
        {"t": 3, "note": "this", "on": 3},
        {"t": 3, "note": "that", "on": 2},
        {"t": 3, "note": "self"},
    )
    assert [json.loads(line) for line in clean(path)[2:]] == [
        {"note": "this", "on": 2},
        {"note": "that"},
        {"note": "self"},
    ]


def test_comments_and_lines_by_hand_stay_byte_for_byte(session: Session) -> None:
    """However they are spelled."""
    path = session("# a comment", "", '{"send" :  "a"}', '{ "recv": {"json": {"px": 1.10}} }')
    assert clean(path) == path.read_text().splitlines()


def test_a_header_is_redacted(session: Session) -> None:
    """What was kept with --keep-secrets goes, and its name is listed."""
    header = {
        "wsdebug": 1,
        "url": "ws://ann:pw@h/?token=abc&a=1",
        "headers": [["Authorization", "Bearer xyz"], ["X-A", "1"]],
        "connect": {"bearer": "xyz", "close-timeout": 1.50},
        "redacted": ["cookie"],
    }
    (line,) = clean(session(header))
    found = json.loads(line)
    assert found["url"] == "ws://***@h/?token=***&a=1"
    assert found["headers"] == [["Authorization", "***"], ["X-A", "1"]]
    assert found["connect"] == {"bearer": "***", "close-timeout": 1.5}
    assert found["redacted"] == ["cookie", "user", "token", "Authorization", "bearer"]
    assert "xyz" not in line


def test_a_secret_becomes_a_variable(session: Session) -> None:
    """Wherever it stands, so that a replay asks for it."""
    path = session(
        {"wsdebug": 1, "url": "ws://h/s3cr3t", "vars": {"a": "1"}},
        {"send": '{"password":"s3cr3t"}'},
        {"send": "PASS s3cr3t!"},
        {"recv": '{"you": "s3cr3t"}'},
        {"note": "s3cr3t it is"},
    )
    header, *lines = [json.loads(line) for line in clean(path, password="s3cr3t")]
    assert header["url"] == "ws://h/{{password}}"
    assert header["vars"] == {"a": "1", "password": None}
    assert lines == [
        {"send": {"json": {"password": "{{password}}"}}},
        {"send": "PASS {{password}}!"},
        {"recv": {"json": {"you": "{{password}}"}}},
        {"note": "{{password}} it is"},
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "sessions").glob("*.jsonl")), ids=lambda p: p.name)
def test_cleaning_twice_is_cleaning_once(path: Path, tmp_path: Path) -> None:
    """And what is sent is the same to the byte."""
    once = list(cleaned(str(path)))
    again = tmp_path / path.name
    again.write_bytes(b"".join(once))
    assert list(cleaned(str(again))) == once

    def sends(lines: list[bytes]) -> list[bytes | None]:
        values = [parse_line(line.rstrip(b"\n"), 1) for line in lines]
        return [value.payload for value in values if getattr(value, "sent", False)]  # type: ignore[union-attr]

    assert sends(once) == sends(path.read_bytes().splitlines())
    assert not any(b'"t":' in line or b'"wire":' in line for line in once)


def test_a_damaged_line_stops_it(session: Session) -> None:
    """With its number."""
    with pytest.raises(SessionUnreadable, match="line 2"):
        clean(session({"send": "a"}, "nonsense"))


def test_a_mark_of_the_byte_order_is_no_damage(tmp_path: Path) -> None:
    """Some editors write one; the line stays as it is."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"url":"ws://h/"}\n{"t":1,"send":"a"}\n')
    assert clean(path) == ['\ufeff{"url":"ws://h/"}', '{"send":"a"}']

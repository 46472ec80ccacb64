"""The JSON Schema that ships with the package: what we write holds to it, what is wrong fails."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from wsdebug.engine.options import ConnectOptions, DeflateOffer
from wsdebug.engine.saved_options import connect_settings
from wsdebug.session.encode import (
    encode_event,
    encode_frame_line,
    encode_frame_pieces,
    encode_header,
    encode_note,
)
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame
from wsdebug.wire.violations import VIOLATIONS

SCHEMA = json.loads(files("wsdebug.session").joinpath("schema.json").read_text())
CHECK = Draft202012Validator(SCHEMA)
EXAMPLES = sorted((Path(__file__).parents[2] / "sessions").glob("*.ws.jsonl"))
FORMAT = [
    '{"wsdebug":1,"url":"wss://api.example.com/feed","started":"2026-08-03T12:00:00.000000Z"}',
    '{"t":0.082010,"event":"open","subprotocol":null,"extensions":"permessage-deflate"}',
    '{"t":0.501233,"mask":"a1b2c3d4","send":"{\\"type\\":\\"hello\\"}"}',
    '{"t":0.533871,"rsv1":true,"recv":"{}","wire":"qlYqqSxIVbJSKk/NSc7PTVWqBQA="}',
    '{"t":0.600000,"op":"binary","fin":false,"recv":{"b64":"AAECAw=="}}',
    '{"t":9.100000,"op":"close","recv":{"code":1000,"reason":"bye"}}',
    '{"op":"close","recv":{}}',
    '{"recv":null,"bad":["inflate-failed"]}',
    '{"recv":{"regex":"^a"},"capture":{"x":{"re":"(a)"}},"timeout":2,"skip":true}',
    '{"send":"a","comment":"unknown keys are ignored"}',
    '{"t":1,"event":"something-new","x":1}',
]


def test_the_schema_is_one() -> None:
    """By its own meta-schema."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_holds_to_it(path: Path) -> None:
    """Line by line."""
    for line in path.read_text().split("\n"):
        if line and not line.startswith("#"):
            CHECK.validate(json.loads(line))


@pytest.mark.parametrize("line", FORMAT)
def test_the_lines_of_the_format_hold(line: str) -> None:
    """As they are described."""
    CHECK.validate(json.loads(line))


payloads = st.binary(max_size=40) | st.text(max_size=20).map(str.encode)


@given(
    st.builds(
        Frame,
        opcode=st.integers(0, 15),
        payload=payloads,
        fin=st.booleans(),
        rsv1=st.booleans(),
        rsv3=st.booleans(),
        mask=st.none() | st.binary(min_size=4, max_size=4),
        length_form=st.none() | st.just(64),
        declared_length=st.none() | st.integers(0, 2**64 - 1),
    ),
    st.booleans(),
    st.none() | payloads,
    st.sets(st.sampled_from(sorted(VIOLATIONS)), max_size=3),
    st.none() | st.integers(0, 2**64 - 1),
    st.booleans(),
)
def test_every_frame_that_we_write_holds(
    frame: Frame,
    sent: bool,
    inflated: bytes | None,
    bad: set[str],
    cut: int | None,
    keeps_wire: bool,
) -> None:
    """Whatever its bits."""
    line = FrameLine(0, 5, sent, frame, inflated, 2, tuple(bad), cut, is_text=frame.opcode == 1)
    CHECK.validate(json.loads(encode_frame_line(line, keeps_wire=keeps_wire)))
    CHECK.validate(json.loads(b"".join(encode_frame_pieces(line, keeps_wire=keeps_wire))))


@given(
    st.builds(
        ConnectOptions,
        url=st.just("ws://h/"),
        origin=st.none() | st.text(min_size=1),
        bearer=st.none() | st.text(min_size=1),
        insecure=st.booleans(),
        family=st.sampled_from([0, 4, 6]),
        compression=st.none()
        | st.builds(
            DeflateOffer,
            st.booleans(),
            st.booleans(),
            st.none() | st.integers(8, 15),
            st.sampled_from([None, 0, 9, 15]),
        ),
        ping_interval=st.none() | st.floats(0.1, 100),
        auto_pong=st.booleans(),
        max_size=st.integers(1),
    )
)
def test_every_header_that_we_write_holds(options: ConnectOptions) -> None:
    """With the options under their names."""
    header = {"wsdebug": 1, "url": options.url, "connect": connect_settings(options)}
    CHECK.validate(json.loads(encode_header(header)))


@pytest.mark.parametrize(
    "line",
    [
        encode_note(5, "x", 3),
        encode_event(5, 2, "gap", {"frames": 1, "bytes": 2, "why": "the disk is full"}),
        encode_event(5, 1, "end", {"frames": 1, "bytes": 2}),
    ],
)
def test_events_and_notes_that_we_write_hold(line: bytes) -> None:
    """The writer's own."""
    CHECK.validate(json.loads(line))


@pytest.mark.parametrize(
    "line",
    [
        [],
        "text",
        {},
        {"hello": 1},
        {"wsdebug": 2, "url": "ws://h/"},
        {"wsdebug": 1},
        {"url": "http://h/"},
        {"url": "ws://h/", "headers": {"a": "b"}},
        {"url": "ws://h/", "headers": [["a"]]},
        {"url": "ws://h/", "vars": {"a": 1}},
        {"url": "ws://h/", "connect": {"insecure": "yes"}},
        {"url": "ws://h/", "connect": {"server-max-window-bits": 7}},
        {"send": "a", "recv": "b"},
        {"wsdebug": 1, "url": "ws://h/", "send": "a"},
        {"send": 1},
        {"send": {"regex": "a"}},
        {"recv": {"b64": "*"}},
        {"recv": {"b64": "AAA"}},
        {"recv": {"b64": "AAAA", "hex": "00"}},
        {"recv": {"hex": "0"}},
        {"recv": {"file": "../secret"}},
        {"recv": {"file": "/etc/passwd"}},
        {"recv": {"code": 1000}},
        {"op": "close", "recv": {"code": 70000}},
        {"op": "close", "recv": {"reason": "x"}},
        {"recv": "a", "op": 16},
        {"recv": "a", "op": "tekst"},
        {"recv": "a", "mask": None},
        {"recv": "a", "mask": "xyz"},
        {"recv": "a", "t": -1},
        {"recv": "a", "t": "1"},
        {"recv": "a", "c": 0},
        {"recv": "a", "fin": 1},
        {"recv": "a", "len": {"form": 8, "declared": 1}},
        {"recv": "a", "len": {"form": 7}},
        {"recv": "a", "bad": ["nonsense"]},
        {"recv": "a", "bad": []},
        {"recv": "a", "cut": -1},
        {"recv": "a", "wire": "AAAA", "wlen": 3},
        {"recv": "a", "match": "some"},
        {"event": 1},
        {"event": "closed", "by": "me", "code": 1000},
        {"event": "response", "status": "200"},
        {"event": "bytes"},
        {"note": 1},
        {"note": "a", "on": 0},
        {"wait": -1},
        {"wait": "1"},
    ],
    ids=json.dumps,
)
def test_what_is_wrong_fails(line: Any) -> None:
    """Each for one reason."""
    assert not CHECK.is_valid(line)


def test_the_schema_knows_every_violation() -> None:
    """And no other."""
    assert set(SCHEMA["$defs"]["recv"]["properties"]["bad"]["items"]["enum"]) == set(VIOLATIONS)

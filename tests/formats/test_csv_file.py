"""CSV: every frame a row, for spreadsheets and for programs."""

import base64
import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.conftest import Convert, written
from wsdebug.formats.csv_file import COLUMNS
from wsdebug.session.encode import encode_frame_line
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame

ROOT = Path(__file__).parents[2]


def rows(data: bytes) -> list[dict[str, str]]:
    """By Python's own reader, strictly."""
    file = io.StringIO(data.decode(), newline="")
    return list(csv.DictReader(file, strict=True))


def payload_of(row: dict[str, str]) -> bytes:
    """What a program makes of a row."""
    if row["payload_kind"] == "base64":
        return base64.b64decode(row["payload"], validate=True)
    if row["payload_kind"] == "hex":
        return bytes.fromhex(row["payload"])
    assert row["payload_kind"] == "text"
    return row["payload"].encode()


def test_a_row_tells_all_of_a_frame(converted: Convert) -> None:
    """In the columns that a person looks for."""
    path = ROOT / "sessions" / "fragments.ws.jsonl"
    data, _ = converted(path, "csv")
    assert data.decode().partition("\r\n")[0] == ",".join(COLUMNS)
    number, moment, line = written(path, '"op": "pong"')
    assert next(row for row in rows(data) if row["opcode"] == "pong") == {
        "line": str(number),
        "connection": "1",
        "time": f"{line['t']:.6f}",
        "wall_time": f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}",
        "direction": "sent",
        "opcode": "pong",
        "fin": "true",
        "bits": "",
        "mask": line["mask"],
        "size": "7",
        "wire_size": "7",
        "violations": "",
        "close_code": "",
        "payload_kind": "text",
        "payload": "between",
    }
    first = rows(data)[0]
    assert (first["fin"], first["bits"], first["size"]) == ("false", "", "18")
    sent = next(row for row in rows(data) if row["payload"] == '{"type":"subscribe"}')
    assert (sent["fin"], sent["bits"], sent["size"], sent["wire_size"]) == (
        "true",
        "rsv1",
        "20",
        "22",
    )


FRAMES = """{"url":"ws://h/"}
{"t":1,"op":"close","bad":["bad-close-code"],"recv":{"code":1005,"reason":"bye"}}
{"t":1,"op":"close","recv":{}}
{"t":1,"op":"close","bad":["bad-close-payload"],"recv":{"b64":"AA=="}}
{"t":1,"c":2,"rsv1":true,"bad":["inflate-failed"],"recv":null,"wire":"/w=="}
{"t":1,"rsv1":true,"recv":"abc","wlen":2}
{"t":1,"cut":900,"recv":"begins"}
{"t":1,"op":3,"rsv2":true,"rsv3":true,"bad":["reserved-opcode","reserved-bit","=x"],\
"recv":{"b64":""}}
{"t":1,"recv":{"b64":"+AE="}}
{"recv":"by hand"}
"""


def test_odd_frames_have_their_rows(converted: Convert) -> None:
    """Close codes, what was not inflated or not kept, violations, a line without a time."""
    data, _ = converted(FRAMES, "csv")
    wanted = ("violations", "close_code", "payload_kind", "payload", "size", "wire_size")
    assert [tuple(row[name] for name in wanted) for row in rows(data)] == [
        ("bad-close-code", "1005", "text", "bye", "5", "5"),
        ("", "", "text", "", "0", "0"),
        ("bad-close-payload", "", "base64", "AA==", "1", "1"),
        ("inflate-failed", "", "none", "", "", "1"),
        ("", "", "text", "abc", "3", "2"),
        ("", "", "text", "begins", "6", "900"),
        ("reserved-opcode reserved-bit other", "", "base64", "", "0", "0"),
        ("", "", "hex", "f801", "2", "2"),
        ("", "", "text", "by hand", "7", "7"),
    ]
    assert rows(data)[6]["opcode"] == "0x3"
    assert rows(data)[6]["bits"] == "rsv2 rsv3"
    assert rows(data)[8]["time"] == rows(data)[8]["wall_time"] == ""
    assert rows(data)[0]["wall_time"] == ""


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '"=1"',
    "a;=1",
    "a\n=1",
    "a\t-1",
    "\uff1d1",
    'a;"=cmd|calc!A1"',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_no_cell(converted: Convert, text: str) -> None:
    """It stands as base64: no character of it is changed, and none is added."""
    line = FrameLine(0, 0, False, Frame(1, text.encode()), text.encode(), is_text=True)
    [row] = rows(converted(encode_frame_line(line), "csv")[0])
    assert row["payload_kind"] == "base64"
    assert payload_of(row) == text.encode()


@pytest.mark.parametrize("text", ['{"a":-1}', "[1,-2]", "a=b", "1-1", "x\ny", "é;ü", "a, b"])
def test_other_text_stays_readable(converted: Convert, text: str) -> None:
    """As it is."""
    line = FrameLine(0, 0, False, Frame(1, text.encode()), text.encode(), is_text=True)
    [row] = rows(converted(encode_frame_line(line), "csv")[0])
    assert (row["payload_kind"], row["payload"]) == ("text", text)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 9]),
            st.binary(max_size=20)
            | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
        ),
        max_size=8,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_payload_can_be_had_back(converted: Convert, frames: list[tuple[int, bytes]]) -> None:
    """And nothing looks like a formula."""
    lines = [
        encode_frame_line(FrameLine(0, 0, False, Frame(opcode, data), data, is_text=opcode == 1))
        for opcode, data in frames
    ]
    written = converted(b"".join(lines), "csv")[0]
    assert [payload_of(row) for row in rows(written)] == [data for _, data in frames]
    for row in rows(written):
        assert not re.match(r"[=+\-@\t\r]", row["payload"])

"""The tab Frame: bits, lengths, sizes and verdicts, cell by cell."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.inspect_bits import bit_lines, wire_head
from wsdebug.tui.inspect_frame import frame_document, size_lines
from wsdebug.tui.inspect_lines import plain, width_of
from wsdebug.wire.encode import apply_mask
from wsdebug.wire.frame import Frame

KEY = bytes.fromhex("A1B2C3D4")
ON_THE_WIRE = bytes.fromhex("0BE495716E")

# As in the picture of the inspector's Frame tab; the three fields of the last block stand in the
# columns of those above, where the picture has them one cell to the left.
PICTURE = """\
 at   hex bits
   0  C1 1 1 0 0 0 0 0 1
         │ │ │ │ └─────┴── opcode  1    text
         │ │ │ └────────── RSV3    0
         │ │ └──────────── RSV2    0
         │ └────────────── RSV1    1    compressed
         └──────────────── FIN     1    last frame

   1  FE 1 1 1 1 1 1 1 0
         │ └───────────┴── length  126  see 2–3
         └──────────────── MASK    1    masked

 2–3  01 9C                length  412  16-bit form
 4–7  A1 B2 C3 D4          mask         the key
  8…  0B E4 95 71 6E …     payload 412  bytes

 ──────────────────────────────────────────────────

 on the wire   420  ━━━━━   8 header + 412
 inflated    2,104  ━━━━━━━━━━━━━━━━━━━━━━━━
 saved         80%  5.1 to 1

 ✓ nothing wrong with this frame"""


def line(frame: Frame, payload: bytes | None = None, **facts: Any) -> FrameLine:
    """A received frame of a session."""
    inflated = frame.payload if payload is None else payload
    return FrameLine(42, 43_556_000, False, frame, inflated, **facts)


def test_the_picture_is_drawn_cell_by_cell() -> None:
    """A masked, compressed frame of 412 bytes looks exactly as designed."""
    masked = apply_mask(ON_THE_WIRE, KEY) + bytes(407)
    frame = line(Frame(1, masked, rsv1=True, mask=KEY), bytes(2104))
    assert "\n".join(plain(frame_document(frame, 52, UNICODE).lines)) == PICTURE


@pytest.mark.parametrize(
    ("frame", "facts", "expected"),
    [
        pytest.param(
            Frame(1, b"hello"),
            {},
            [
                "length  5    bytes",
                "MASK    0    not masked",
                " 2…  68 65 6C 6C 6F       payload 5",
            ],
            id="7-bit length, all bytes",
        ),
        pytest.param(
            Frame(1, b"hello", length_form=64),
            {"bad": ("long-length",)},
            [
                "length  127  see 2–9",
                " 2–9  00 00 00 00          length  5    64-bit form\n      00 00 00 05\n",
                " 10…  68 65 6C 6C 6F",
            ],
            id="a length longer than needed",
        ),
        pytest.param(
            Frame(2, b"abc"),
            {"cut": 70_000, "bad": ("truncated",)},
            ["00 00 00 00", "00 01 11 70          70,000", "came, 70,000 declared"],
            id="cut off",
        ),
        pytest.param(
            Frame(2, b"abc"),
            {"cut": 300},
            ["length  300  16-bit form", "payload 300  bytes", "the first 3 kept"],
            id="not all kept",
        ),
        pytest.param(
            Frame(2, b"abc", declared_length=9),
            {},
            ["length  9    bytes", "payload 3    bytes", "really, 9 declared"],
            id="a length that is not true",
        ),
        pytest.param(
            Frame(2, b"a", declared_length=2**64 - 1),
            {},
            ["FF FF FF FF          18446744073709551615"],
            id="the longest length",
        ),
        pytest.param(
            Frame(0xB, fin=False, rsv2=True),
            {"bad": ("reserved-opcode", "reserved-bit", "fragmented-control")},
            [
                "opcode  11   reserved",
                "RSV2    1    reserved",
                "RSV1    0\n",
                "FIN     0    more follow",
                "payload 0    bytes",
            ],
            id="reserved bits and opcode",
        ),
        pytest.param(
            Frame(1, rsv1=True),
            {"wire_length": 12},
            ["length  12   bytes", "not kept             payload 12   bytes"],
            id="wire payload not kept",
        ),
    ],
)
def test_every_length_and_bit_is_shown_as_it_was(
    frame: Frame, facts: dict[str, Any], expected: list[str]
) -> None:
    """Length forms, lies, cuts and reserved bits stand in the drawing."""
    text = "\n".join(plain(bit_lines(line(frame, **facts), 52, UNICODE))) + "\n"
    for words in expected:
        assert words in text


@pytest.mark.parametrize(
    ("kept", "inflated", "expected"),
    [
        (12, 12, [" on the wire    14   2 header + 12"]),
        (
            412,
            2104,
            [
                " on the wire   416  ━━━━━   4 header + 412",
                " inflated    2,104  ━━━━━━━━━━━━━━━━━━━━━━━━",
                " saved         80%  5.1 to 1",
            ],
        ),
        (
            12,
            10,
            [
                " on the wire    14  ━━━━━━━━━━━━━━   2 header + 12",
                " inflated       10  ━━━━━━━━━━",
                " grown by      20%  1 to 1.2",
            ],
        ),
    ],
)
def test_sizes_have_one_scale(kept: int, inflated: int, expected: list[str]) -> None:
    """Bars compare what crossed the wire with what it became."""
    payload = bytes(kept) if kept == inflated else b"x" * inflated
    frame = line(Frame(1, bytes(kept), rsv1=kept != inflated), payload)
    assert plain(size_lines(frame, 52, UNICODE)) == expected


def test_what_could_not_be_inflated_says_so() -> None:
    """No size is made up."""
    frame = FrameLine(1, 0, False, Frame(1, b"junk", rsv1=True), None, bad=("inflate-failed",))
    assert "could not be inflated" in "\n".join(plain(size_lines(frame, 52, UNICODE)))


def test_ascii_has_no_other_characters() -> None:
    """The drawing works in any terminal."""
    frame = line(
        Frame(1, bytes(412), rsv1=True, mask=KEY), bytes(2104), bad=("invalid-utf8", "truncated")
    )
    assert "\n".join(plain(frame_document(frame, 52, ASCII).lines)).isascii()


@given(
    opcode=st.integers(0, 15),
    fin=st.booleans(),
    rsv1=st.booleans(),
    rsv2=st.booleans(),
    rsv3=st.booleans(),
    mask=st.none() | st.binary(min_size=4, max_size=4),
    payload=st.binary(max_size=300),
    declared=st.none() | st.integers(0, 2**64 - 1),
    width=st.integers(52, 90),
)
def test_every_frame_can_be_drawn(
    opcode: int,
    fin: bool,
    rsv1: bool,
    rsv2: bool,
    rsv3: bool,
    mask: bytes | None,
    payload: bytes,
    declared: int | None,
    width: int,
) -> None:
    """Whatever the bits, the first two bytes are theirs, and nothing raises."""
    frame = Frame(opcode, payload, fin, rsv1, rsv2, rsv3, mask, declared_length=declared)
    drawn = line(frame)
    document = frame_document(drawn, width, UNICODE)
    text = plain(document.lines)
    head = wire_head(drawn)
    assert text[1].split()[1] == f"{head[0]:02X}"
    assert text[1].split()[2:] == list(f"{head[0]:08b}")
    assert text[8].split()[1:] == [f"{head[1]:02X}", *f"{head[1]:08b}"]
    assert all(width_of(row.parts) <= width for row in document.lines)


lengths = st.integers(0, 200) | st.integers(65_000, 66_000) | st.integers(0, 1 << 65)


@given(
    st.fixed_dictionaries(
        {"recv": st.sampled_from(["", "abc", None, {"b64": "AAAA"}])},
        optional={
            "len": st.fixed_dictionaries(
                {"form": st.sampled_from([7, 16, 64]), "declared": lengths}
            ),
            "cut": lengths,
            "wlen": lengths,
        },
    )
)
@example({"recv": "abc", "len": {"form": 16, "declared": 3}, "wlen": 70_000})
def test_whatever_length_a_file_says_can_be_drawn(written: dict[str, Any]) -> None:
    """Also one that no head can say; a line that is damaged has no frame."""
    read = parse_line(json.dumps(written).encode(), 1)
    if isinstance(read, FrameLine):
        assert plain(frame_document(read, 52, UNICODE).lines)


def test_a_form_that_cannot_hold_its_length_is_said() -> None:
    """The head is drawn in the shortest form that can."""
    drawn = line(Frame(1, b"abc", length_form=7, declared_length=900))
    assert wire_head(drawn) == bytes.fromhex("817e0384")
    assert any("7-bit form in the file" in row for row in plain(bit_lines(drawn, 52, UNICODE)))

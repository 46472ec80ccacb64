"""Bytes as numbers, text and bits."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.byte_readings import ascii_words, bits, number_readings, utf8_words


def test_every_kind_of_number() -> None:
    """In both orders; empty where bytes are missing."""
    rows = {one.name: (one.little, one.big) for one in number_readings(bytes.fromhex("fe00000000"))}
    assert rows == {
        "uint8": ("254", ""),
        "int8": ("-2", ""),
        "uint16": ("254", "65024"),
        "int16": ("254", "-512"),
        "uint32": ("254", "4261412864"),
        "int32": ("254", "-33554432"),
        "uint64": ("", ""),
        "int64": ("", ""),
        "float32": ("3.5592981e-43", "-4.25352959e+37"),
        "float64": ("", ""),
    }


@given(st.binary(min_size=8, max_size=8), st.sampled_from([14, 20, 24]))
def test_fractions_fit(data: bytes, room: int) -> None:
    """In the room there is, as near as that allows; with enough room, exactly."""
    for one in number_readings(data, room=room):
        assert len(one.little) <= max(room, 20)
        if one.name.startswith("float"):
            assert len(one.little) <= room
            (value,) = struct.unpack("<f" if one.width == 4 else "<d", data[: one.width])
            if math.isfinite(value):
                assert math.isclose(float(one.little), value, rel_tol=1e-5, abs_tol=1e-320)
            if room == 24 and one.width == 8 and math.isfinite(value):
                assert float(one.little) == value


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"hell", "h  U+0068  Latin small letter h"),
        ("é!".encode(), "é  U+00E9  Latin small letter e with acute"),
        ("😀".encode(), "😀  U+1F600  Grinning face"),
        (b"\x1b[", "\\x1b  U+001B"),
        ("\u202ea".encode(), "\\u202e  U+202E  Right-to-left override"),
        (b"\xa9", "no character begins here"),
        (b"\xff", "not UTF-8"),
        (b"\xc3", "not UTF-8"),
    ],
)
def test_the_character_that_begins_here(data: bytes, words: str) -> None:
    """With its name; what a terminal would act upon is spelled out."""
    assert utf8_words(data, is_one=True) == words


def test_the_text_of_a_range() -> None:
    """Or where it stops being text."""
    assert utf8_words("né\n".encode(), is_one=False) == "né\\n"
    assert utf8_words(b"a\xff", is_one=False) == "not UTF-8 from byte 1 on"


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"\n", "LF"), (b" ", "SP"), (b"\x7f", "DEL"), (b"\x80", "not ASCII"), (b"a\n", "a·"),
     (b"\0", "NUL"), (b"\x1f", "US")],
)  # fmt: skip
def test_ascii(data: bytes, words: str) -> None:
    """RFC 20 names what cannot be seen."""
    assert ascii_words(data) == words


def test_bits() -> None:
    """Highest first, as RFC 6455 draws them."""
    assert bits(b"\x81\x05") == "10000001 00000101"

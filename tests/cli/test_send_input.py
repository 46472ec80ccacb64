"""Lines of standard input as payloads, many at once and one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.cli.send_input import BINARY, TEXT, Encoding

ENCODINGS = [
    Encoding(TEXT),
    Encoding(BINARY),
    Encoding(TEXT, values={"who": "ann"}),
    Encoding(TEXT, "hex"),
    Encoding(BINARY, "base64"),
]
lines = st.text(max_size=4).map(str.encode) | st.sampled_from(
    (b"{{who}}", b"\xff", b"\xc3", b"\xa9", b"ff", b"aGk=", b"")
)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(block=st.lists(lines, max_size=4))
def test_lines_that_are_payloads_are_made_to_themselves(
    encoding: Encoding, block: list[bytes]
) -> None:
    """Every one, whatever stands between them."""
    for separator in (b"\n", b"\0"):
        if encoding.are_payloads(separator.join(block)):
            assert [encoding.decode(line) for line in block] == block


@pytest.mark.parametrize(
    ("encoding", "joined", "are"),
    [
        (Encoding(TEXT), b"a\nb", True),
        (Encoding(TEXT), "ä\nö".encode(), True),
        (Encoding(TEXT), b"a\n\xff", False),
        (Encoding(TEXT), b"\xc3\n\xa9", False),
        (Encoding(TEXT), b"{{who}}", True),
        (Encoding(TEXT, values={"who": "ann"}), b"a\n{{who}}", False),
        (Encoding(BINARY), b"\xff", True),
        (Encoding(TEXT, "hex"), b"6869", False),
    ],
)
def test_what_is_taken_as_it_stands(encoding: Encoding, joined: bytes, are: bool) -> None:
    """UTF-8 without placeholders, and any bytes for a binary message."""
    assert encoding.are_payloads(joined) == are

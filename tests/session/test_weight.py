"""Long lines: what is a payload for the most part is read, what would fill the memory is not."""

import pytest

from wsdebug.session.lines import Damaged
from wsdebug.session.parse import VALUES, parse_line
from wsdebug.session.weight import is_mostly_payload

LONG = b"a" * 1000


@pytest.mark.parametrize(
    ("data", "is_mostly"),
    [
        (b'{"recv":"%b"}' % LONG, True),
        (b'{"t":1,"bad":[],"send":{"b64":"%b"},"wire":"%b"}' % (LONG, LONG), True),
        (b'{"recv":"x","other":"%b"}' % LONG, False),
        (b'{"recv":["%b"]}' % LONG, False),
        (b'{"recv":{"b64":"","x":"%b"}}' % LONG, False),
        (b'{"recv":{"json":"%b"}}' % LONG, False),
        (b'{"event":"x","a":[%b1]}' % (b"[]," * 300), False),
        (b'["%b"]' % LONG, False),
        (b'{"recv":"%b' % LONG, False),
        (b"[" * 100_000, False),
    ],
)
def test_only_the_strings_of_a_payload_are_light(data: bytes, is_mostly: bool) -> None:
    """They take the memory that they have in the file."""
    assert is_mostly_payload(data, 100) is is_mostly


def test_a_line_of_millions_of_values_is_not_read() -> None:
    """It would take some fifty times its size."""
    line = parse_line(b'{"event":"x","a":[%b1]}' % (b"1," * (VALUES // 2)), 3)
    assert isinstance(line, Damaged)
    assert line.why == "over 16 MiB, and not for a payload in JSON"
    assert not isinstance(parse_line(b'{"recv":"%b"}' % (b"1," * (VALUES // 2)), 3), Damaged)

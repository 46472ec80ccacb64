"""Long lines: what is a payload for the most part is read, what would fill the memory is not."""

import pytest

from wsdebug.session.lines import Damaged
from wsdebug.session.parse import VALUES, parse_line
from wsdebug.session.weight import MANY, MOST, is_mostly_payload, too_many_values

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


COMMAS = b"," * MANY
BESIDE = "over 20,000 values, too many to read: only its beginning is shown"
INSIDE = "a payload of over 1,000,000 values, too many to read: only its beginning is shown"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"event":"x","a":[%b0]}' % (b"0," * (MANY - 2)), None),
        (b'{"event":"x","a":[%b0]}' % (b"0," * MANY), BESIDE),
        (b'{"recv":"x","a":[%b0]}' % (b"0," * MANY), BESIDE),
        (b'{"a":[%b0],"recv":"%b"}' % (b"0," * MANY, COMMAS), BESIDE),
        (b'{"recv":"%b"}' % COMMAS, None),
        (b'{"recv":"\\"%b"}' % COMMAS, None),
        (b'{"note":"\\"%b\\"%b"}' % (COMMAS, COMMAS), None),
        (b'{"event":"response","body":"%b"}' % COMMAS, None),
        (b'{"recv":{"json":[%b0]}}' % (b"0," * MANY), None),
        (b'{"recv":{"json":[%b0]}}' % (b"0," * MOST), INSIDE),
        (b'{"recv":{"json":[%b0]},"a":[%b0]}' % (b"0," * MANY, b"0," * MANY), BESIDE),
        (b'{"event":"x","a":[%b0}' % (b"0," * MANY), "not JSON"),
        (b'{"recv":"%b' % COMMAS, "not JSON"),
        (b"[" * 100_000 + COMMAS, "not JSON"),
    ],
    ids=range(14),
)
def test_a_line_of_very_many_values_is_not_read(data: bytes, why: str | None) -> None:
    """What stands in a string is none of them."""
    assert too_many_values(data) == why
    line = parse_line(data, 1)
    assert (line.why if isinstance(line, Damaged) else None) == why

"""What kind of payload this is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.kind import VIEWS, detect


@pytest.mark.parametrize(
    ("payload", "is_text", "name", "first"),
    [
        (b"", True, "empty", "text"),
        (b'{"a":1}', True, "JSON", "JSON"),
        (b' [1, 2.50, "x"]\n', True, "JSON", "JSON"),
        (b'{"a":1}', False, "JSON", "JSON"),
        (b'{"a":1', True, "text", "text"),
        (b"[NaN]", True, "text", "text"),
        (b"[" + b"9" * 5000 + b"]", True, "JSON", "JSON"),
        (b"[" * 100_000 + b"]" * 100_000, True, "JSON", "JSON"),
        (b"[" + b"1," * 3_000_000 + b"1]", True, "JSON", "JSON"),
        (b"[" + b"x," * 3_000_000, True, "text", "text"),
        (b"42", True, "text", "text"),
        (b"hello", True, "text", "text"),
        (b"hello\n", False, "text", "text"),
        (b'{"name":"J\xffrgen"}', True, "text", "hex"),
        (b"\x89PNG\r\n\x1a\n\0\0", False, "PNG image", "hex"),
        (b"\xff\xd8\xff\xe0", False, "JPEG image", "hex"),
        (b"RIFF\0\0\0\0WEBPVP8 ", False, "WebP image", "hex"),
        (b"\x1f\x8b\x08\x00", False, "gzip", "hex"),
        (b"%PDF-1.7", False, "PDF", "hex"),
        (b"\x08\x96\x01\x12\x07testing", False, "protobuf?", "hex"),
        (b"\x00\x01\x02\xff", False, "", "hex"),
        (b"\x7f\x3a\x00\x01", False, "", "hex"),
    ],
)
def test_kinds_are_seen(payload: bytes, is_text: bool, name: str, first: str) -> None:
    """By what the bytes begin with, or by reading them."""
    kind = detect(payload, is_text=is_text)
    assert (kind.name, kind.first) == (name, first)


@given(st.binary(), st.booleans())
def test_any_payload_has_views(payload: bytes, is_text: bool) -> None:
    """In the order of all, the bytes themselves among them."""
    kind = detect(payload, is_text=is_text)
    assert kind.first in kind.views
    assert kind.views == tuple(view for view in VIEWS if view in kind.views)
    assert "hex" in kind.views

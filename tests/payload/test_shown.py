"""What a person sees of bytes, sizes and times, and what nobody may see."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.escape import HIDDEN, escape, escape_bytes
from wsdebug.payload.numbers import log_time, short_bytes, short_size, with_commas
from wsdebug.payload.redact import Redactor


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Grüße 日本", "Grüße 日本"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b]52;c;aGk=\x07", "\\x1b]52;c;aGk=\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\u200b\u2028\ufeff", "\\u200b\\u2028\\ufeff"),
        ("\ud800", "\\ud800"),
        ("[@click=app.quit]", "[@click=app.quit]"),
    ],
)
def test_what_is_not_printable_becomes_visible(text: str, shown: str) -> None:
    """Escape sequences, C1, bidi and zero-width characters."""
    assert escape(text) == shown


@given(st.text())
def test_escaped_text_is_printable(text: str) -> None:
    """Whatever the peer sent."""
    assert not [c for c in escape(text) if unicodedata.category(c) in HIDDEN]


@given(st.binary())
def test_escaped_bytes_are_printable(data: bytes) -> None:
    """Valid UTF-8 or not."""
    assert not [c for c in escape_bytes(data) if unicodedata.category(c) in HIDDEN]
    assert escape_bytes(b"J\xffrgen\x00") == "J\\xffrgen\\x00"


@pytest.mark.parametrize(
    ("size", "short", "words"),
    [
        (0, "0", "0 B"),
        (999, "999", "999 B"),
        (1000, "1.0k", "1.0 kB"),
        (2104, "2.1k", "2.1 kB"),
        (12_000, "12k", "12 kB"),
        (64 << 20, "64M", "64 MB"),
        (1 << 40, "1.0T", "1.0 TB"),
    ],
)
def test_a_size_takes_four_characters(size: int, short: str, words: str) -> None:
    """And with its unit in the status line."""
    assert short_size(size) == short
    assert short_bytes(size) == words


@pytest.mark.parametrize(
    ("time_us", "text"),
    [
        (534_000, "00.534"),
        (41_006_000, "41.006"),
        (62_345_000, "01:02.345"),
        (3_723_400_000, "1:02:03.4"),
        (108_123_000_000, "30:02:03"),
    ],
)
def test_a_time_takes_nine_characters(time_us: int, text: str) -> None:
    """Finer while it is short."""
    assert log_time(time_us) == text
    assert len(text) <= 9
    assert with_commas(12004) == "12,004"


def test_secrets_are_masked_in_urls_headers_and_raw_heads() -> None:
    """And named, so that connecting again can ask for them."""
    redactor = Redactor(["hunter2"])
    assert redactor.url("wss://ann:pw@h/x?token=abc&a=1") == "wss://***@h/x?token=***&a=1"
    assert redactor.headers([("Authorization", "Basic eA=="), ("X", "say hunter2")]) == [
        ["Authorization", "***"],
        ["X", "say ***"],
    ]
    raw = b"GET /?api_key=k HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\nX-B:  two\r\n\r\n"
    assert redactor.head(raw) == (
        b"GET /?api_key=*** HTTP/1.1\r\nHost: h\r\nCookie: ***\r\nX-B:  two\r\n\r\n"
    )
    assert redactor.names == ["user", "token", "Authorization", "api_key", "Cookie"]


def test_secrets_can_be_kept() -> None:
    """`--keep-secrets`."""
    redactor = Redactor(["x"], keep=True)
    assert redactor.url("ws://a:b@h/?token=x") == "ws://a:b@h/?token=x"
    assert redactor.head(b"GET / HTTP/1.1\r\nCookie: x\r\n\r\n").endswith(b"x\r\n\r\n")

"""The output formats of `send`, for a pipe and for a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.cli.send_output import FORMATS, Format, formatter


@pytest.mark.parametrize(
    ("chosen", "message", "piped", "shown"),
    [
        (None, "a\x1b\nb", b"a\x1b\nb\n", "a\\x1b\nb\n"),
        (None, b"\xca\x1b", b"\xca\x1b", "00000000  ca 1b" + " " * 43 + " ..\n"),
        (None, b"", b"", ""),
        ("raw", "a\x1b", b"a\x1b", "a\\x1b\n"),
        ("raw", b"\xca", b"\xca", "00000000  ca" + " " * 46 + " .\n"),
        ("text", "a\x1b", b"a\x1b\n", "a\\x1b\n"),
        ("text", b"\xcaa\x1b", b"\\xcaa\x1b\n", "\\xcaa\\x1b\n"),
        ("hex", "grün", b"6772c3bc6e\n", "6772c3bc6e\n"),
        ("base64", b"\xca\xfe", b"yv4=\n", "yv4=\n"),
        ("jsonl", 'a"\x9b', b'{"t":1.500000,"recv":"a\\"\xc2\x9b"}\n',
         '{"t":1.500000,"recv":"a\\"\\u009b"}\n'),
        ("jsonl", b"\xca\xfe", b'{"t":1.500000,"recv":{"b64":"yv4="}}\n',
         '{"t":1.500000,"recv":{"b64":"yv4="}}\n'),
    ],
)  # fmt: skip
def test_a_message_is_printed(
    chosen: Format | None, message: str | bytes, piped: bytes, shown: str
) -> None:
    """As it is into a pipe, visible on a terminal."""
    assert formatter(chosen, is_terminal=False)(message, 1_500_000, 1) == piped
    assert formatter(chosen, is_terminal=True)(message, 1_500_000, 1).decode() == shown


def test_a_later_connection_has_its_number() -> None:
    """As in a session file."""
    made = formatter("jsonl", is_terminal=False)("a", 0, 2)
    assert made == b'{"t":0.000000,"c":2,"recv":"a"}\n'


@given(message=st.text() | st.binary(), chosen=st.sampled_from((None, *FORMATS)))
def test_a_terminal_gets_visible_characters_and_newlines_only(
    message: str | bytes, chosen: Format | None
) -> None:
    """Whatever has come, in every format."""
    shown = formatter(chosen, is_terminal=True)(message, 0, 1).decode()
    assert shown.replace("\n", "").isprintable()

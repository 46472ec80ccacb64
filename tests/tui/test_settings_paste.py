"""Rows out of text."""

import pytest

from wsdebug.tui.settings_paste import rows_of


@pytest.mark.parametrize(
    ("table", "text", "rows"),
    [
        ("header", "X-Key", []),
        ("header", "X-Key: a: b ", [("X-Key", "a: b")]),
        ("header", "Host: example.com", [("Host", "example.com")]),
        ("header", "Host: a\nX-A: 1\n\nno header\nX-B:2", [("X-A", "1"), ("X-B", "2")]),
        ("header", ":authority: a\nx-a: 1", [("x-a", "1")]),
        ("header", "GET ws://a/ HTTP/1.1\nx-a: 1", [("x-a", "1")]),
        ("query", "token", []),
        ("query", "a=1&b=%20x", [("a", "1"), ("b", " x")]),
        ("query", "wss://a.example/p?a=1&b=", [("a", "1"), ("b", "")]),
        ("subprotocol", "chat", []),
        ("subprotocol", "chat, superchat\nv2", [("chat", ""), ("superchat", ""), ("v2", "")]),
    ],
)
def test_rows_of(table: str, text: str, rows: list[tuple[str, str]]) -> None:
    """As many as the text writes out."""
    assert [(row.name, row.value) for row in rows_of(table, text)] == rows

"""What is no frame, as names and values."""

from typing import Any

import pytest

from wsdebug.session.lines import Event
from wsdebug.tui.glyphs import UNICODE
from wsdebug.tui.inspect_facts import fact_document
from wsdebug.tui.inspect_lines import plain


@pytest.mark.parametrize(
    ("name", "fields", "rows"),
    [
        (
            "reconnect",
            {"attempt": 2, "delay": 1.25},
            [" attempt       2", " delay         1.25 s"],
        ),
        ("reconnect", {"delay": "long"}, [" delay         long"]),
        ("closed", {"clean": True, "reason": ""}, [" clean         yes", " reason        none"]),
        ("end", {}, [" nothing more is known of it"]),
    ],
)
def test_an_event_says_what_it_knows(name: str, fields: dict[str, Any], rows: list[str]) -> None:
    """A time with its unit, which the file need not write."""
    document = fact_document(Event(3, 0, name, fields), 52, UNICODE)
    shown = plain(document.line(row) for row in range(len(document)))
    assert [row.rstrip() for row in shown] == rows

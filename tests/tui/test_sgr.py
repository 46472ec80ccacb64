"""The same colours in fewer bytes."""

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.tui.sgr import shorter

COLOURS = ("38;2;1;2;3", "38;2;9;9;9", "48;2;1;2;3", "48;2;0;0;0", "38;5;7", "48;5;9")
PLAIN = ("31", "39", "97", "44", "49", "103", "1", "3", "4", "7")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("\x1b[31ma\x1b[0m", "\x1b[31ma\x1b[0m"),
        ("\x1b[31;44ma\x1b[0m\x1b[32;44mb\x1b[0m", "\x1b[31;44ma\x1b[32mb\x1b[0m"),
        ("\x1b[31;44ma\x1b[0m\x1b[31;44mb\x1b[0m", "\x1b[31;44mab\x1b[0m"),
        ("\x1b[31;44ma\x1b[0m\x1b[31mb\x1b[0m", "\x1b[31;44ma\x1b[0;31mb\x1b[0m"),
        ("\x1b[1;31ma\x1b[0m\x1b[31mb\x1b[0m", "\x1b[1;31ma\x1b[0;31mb\x1b[0m"),
        (
            "\x1b[38;2;1;2;3;48;2;4;5;6ma\x1b[0m\x1b[38;2;7;8;9;48;2;4;5;6mb\x1b[0m",
            "\x1b[38;2;1;2;3;48;2;4;5;6ma\x1b[38;2;7;8;9mb\x1b[0m",
        ),
        # the cursor moves between: left as it is
        ("\x1b[31ma\x1b[0m\x1b[2;2H\x1b[31mb", "\x1b[31ma\x1b[0m\x1b[2;2H\x1b[31mb"),
    ],
)
def test_only_what_changes_is_written(text: str, expected: str) -> None:
    """Attributes are never taken back but by a reset."""
    assert shorter(text) == expected


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(COLOURS + PLAIN), max_size=3),
            st.text("ab", min_size=1, max_size=2),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_the_screen_is_the_same(pieces: list[tuple[list[str], str, bool]]) -> None:
    """As a terminal draws it, cell by cell."""
    text = "".join(
        (f"\x1b[{';'.join(sgr)}m" if sgr else "") + words + ("\x1b[0m" if resets else "")
        for sgr, words, resets in pieces
    )
    drawn = []
    for each in (text, shorter(text)):
        screen = pyte.Screen(40, 2)
        pyte.Stream(screen).feed(each)
        drawn.append([[screen.buffer[y][x] for x in range(40)] for y in range(2)])
    assert drawn[0] == drawn[1]
    assert len(shorter(text)) <= len(text)

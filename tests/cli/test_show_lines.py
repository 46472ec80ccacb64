"""Lines that are printed many at a time are printed as they are one by one."""

from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from wsdebug.cli.show_lines import Json, Output, Payloads
from wsdebug.log.log import FrameLog

LINES = (
    '{"t":1.500000,"recv":"hi"}',
    '{"t":1.500000,"recv":"a \\"word\\"\\nand \\u0001 é"}',
    '{"t":1.500000,"mask":"a1b2c3d4","send":"{}"}',
    '{"t":1.500000,"rsv1":true,"recv":"Hello","wire":"8kjNyckHAA=="}',
    '{"t":1.500000,"recv":{"b64":"AAECCg=="}}',
    '{"t":1.500000,"c":2,"recv":"other"}',
    '{"t":1.500000,"fin":false,"recv":"one"}',
    '{"t":1.500000,"op":"cont","recv":"two"}',
    '{"t":1.500000,"op":"ping","recv":"hb"}',
    '{"t":1.500000,"recv":"{{name}}"}',
    '{"t":1.500000,"recv":null}',
    '{"t":1.500000,"event":"gap"}',
    '{"t":1.500000,"mask":"xyz","send":"damaged"}',
    "# a comment",
    "",
)
some_of_one = st.builds(
    lambda line, times: [line] * times, st.sampled_from(LINES), st.integers(1, 99)
)


class Taken(Output):
    """What was printed, not to a terminal."""

    is_terminal = False
    columns = 80

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: str | bytes) -> None:
        """Take it."""
        self.data += data.encode() if isinstance(data, str) else data


def printed(log: FrameLog, numbers: list[int], most: int | None) -> tuple[bytes, bytes]:
    """As session lines, and as payloads."""
    lines, payloads = Taken(), Taken()
    Json(log, lines, "a").show(numbers)
    Payloads(log, payloads, most=most).show(numbers)
    return lines.data, payloads.data


@given(st.lists(some_of_one, min_size=1, max_size=6), st.none() | st.integers(0, 150), st.data())
def test_many_are_printed_like_one_by_one(
    tmp_path_factory: object, parts: list[list[str]], most: int | None, data: st.DataObject
) -> None:
    """Whatever stands among them, and however many are wanted."""
    lines = [line for part in parts for line in part]
    path = Path(tmp_path_factory.mktemp("show")) / "a.ws.jsonl"  # type: ignore[attr-defined]
    path.write_text('{"url":"ws://h/"}\n' + "".join(f"{line}\n" for line in lines))
    log = FrameLog.open(str(path))
    log.complete.wait()
    every = data.draw(st.integers(1, 3))
    numbers = [*range(2, len(lines) + 2, every)]
    together = printed(log, numbers, most)
    with patch("wsdebug.cli.show_lines.plain_kind", return_value=None):
        assert printed(log, numbers, most) == together
    log.close()

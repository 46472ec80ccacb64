"""Lines that are printed many at a time are printed as they are one by one."""

import sys
import tracemalloc
from pathlib import Path
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from wsdebug.cli.color import Paint
from wsdebug.cli.show_lines import Json, Table
from wsdebug.cli.show_payloads import Payloads
from wsdebug.log.log import FrameLog

LINES = (
    '{"t":1.500000,"bad":["invalid-utf8"],"recv":{"b64":"/w=="}}',
    '{"t":1.500000,"recv":"hi"}',
    '{"t":1.500000,"recv":"a \\"word\\"\\nand \\u0001 é"}',
    '{"t":1.500000,"mask":"a1b2c3d4","send":"{}"}',
    '{"t":1.500000,"rsv1":true,"recv":"Hello","wire":"8kjNyckHAA=="}',
    '{"t":1.500000,"recv":{"b64":"AAECCg=="}}',
    '{"t":1.500000,"recv":{"b64":"cHJpbnRhYmxl"}}',
    '{"t":0.0000005,"recv":"\u202e of a long time ago  "}',
    '{"t":1.500000,"recv":"%s"}' % ("é" * 3000),
    '{"t":123456.5,"mask":"a1b2c3d4","send":"%s"}' % ("x" * 4097),
    '{"t":1.500000,"recv":"%s"}' % ("y" * 70_000),
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
    lambda line, times: [line] * times, st.sampled_from(LINES), st.sampled_from([1, 2, 3, 66])
)


class Taken:
    """What was printed."""

    columns = 80

    def __init__(self, *, is_terminal: bool = False) -> None:
        self.is_terminal = is_terminal
        self.data = b""

    def write(self, data: str | bytes) -> None:
        """Take it."""
        self.data += data.encode() if isinstance(data, str) else data


def printed(log: FrameLog, numbers: list[int], most: int | None) -> list[bytes]:
    """As session lines, as payloads, and as tables: in a file, and on a terminal in colour."""
    lines, payloads, table, screen = Taken(), Taken(), Taken(), Taken(is_terminal=True)
    Json(log, lines, "a").show(numbers)
    Payloads(log, payloads, most=most).show(numbers)
    Table(log, table, Paint("never", sys.stdout)).show(numbers)
    Table(log, screen, Paint("always", sys.stdout)).show(numbers)
    return [taken.data for taken in (lines, payloads, table, screen)]


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
    with (
        patch("wsdebug.cli.show_lines.plain_kind", return_value=None),
        patch("wsdebug.cli.show_payloads.plain_kind", return_value=None),
        patch("wsdebug.cli.show_payloads.AT_ONCE", data.draw(st.sampled_from([0, 4, 1 << 20]))),
    ):
        assert printed(log, numbers, most) == together
    log.close()


def test_what_came_after_our_close_is_marked_among_many(tmp_path: Path) -> None:
    """A broken rule ends a connection; what still arrives is not judged."""
    wrong = '{"t":1.000000,"bad":["masked-by-server"],"mask":"00000000","recv":"a"}'
    close = '{"t":1.000000,"op":"close","mask":"00000000","send":{"code":1002,"reason":""}}'
    path = tmp_path / "a.ws.jsonl"
    lines = ['{"url":"ws://h/"}', wrong, close, *['{"t":1.500000,"recv":"late"}'] * 99]
    path.write_text("".join(f"{line}\n" for line in lines))
    log = FrameLog.open(str(path))
    log.complete.wait()
    table = Taken()
    Table(log, table, Paint("never", sys.stdout)).show(range(2, len(lines) + 1))
    assert table.data.count(b"(after our close) late") == 99
    log.close()


def test_a_message_of_very_many_fragments_is_printed_piece_by_piece(tmp_path: Path) -> None:
    """Once, without its frames in memory, and with what stands between them after it."""
    count = 40_000
    inner = ['{"t":1.000000,"op":"cont","fin":false,"recv":"%s"}' % ("x" * 100)] * count
    inner[count // 2] = '{"t":1.000000,"op":"ping","recv":"between"}'
    lines = ['{"url":"ws://h/"}', '{"t":1.000000,"fin":false,"recv":"first"}', *inner]
    lines += ['{"t":1.000000,"op":"cont","recv":"last"}', '{"t":1.000000,"recv":"next"}']
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines))
    log = FrameLog.open(str(path))
    log.complete.wait()
    output = Taken()
    printer = Payloads(log, output, with_control=True)
    sizes: list[int] = []
    with patch.object(output, "write", lambda data: sizes.append(len(data))):
        tracemalloc.start()
        for start in range(2, len(lines) + 1, 1000):
            printer.show(range(start, min(start + 1000, len(lines) + 1)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    log.close()
    expected = [len("first") + 100 * (count - 1) + len("last"), *map(len, ("between", "next"))]
    assert sum(sizes) == sum(expected) + len(expected)
    assert max(sizes) < peak < 16 << 20

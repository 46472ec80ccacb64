"""The lines of a session that a filter takes; found window by window, from any thread."""

import threading
from bisect import bisect_right
from collections.abc import Sequence

from msgspec import UNSET

from wsdebug.log.filter_terms import AllOf, AnyOf, EventIs, Filter, Node
from wsdebug.log.filter_tests import FilterTest
from wsdebug.log.hits import Hits
from wsdebug.log.log import FrameLog
from wsdebug.log.needles import are_dense, find_lines, needles_of
from wsdebug.log.open_messages import Message, OpenMessages
from wsdebug.log.records import Record, decode_lines, decode_window
from wsdebug.log.row import Row
from wsdebug.log.windows import Window

__all__ = ["FilteredLines"]

PROVISIONAL = 1 << 20  # bytes of an unfinished message that are looked through at each step
KEPT = 1 << 22  # bytes; see `Wire`: of a window, and of the same in lower case


class FilteredLines:
    """Grows as `advance` is called, by one thread at a time; any thread may read.

    A place counts the lines that were found, from 0; line numbers are those of the file. Lines
    that are no rows are left out unless the filter names their event, or `every_line`: then only
    header, comments and blank lines are. Of a message that is not finished yet, the frames that
    are there count as all of it; with `whole_messages` they are found, but not settled.
    """

    def __init__(
        self,
        log: FrameLog,
        query: Filter,
        *,
        every_line: bool = False,
        whole_messages: bool = False,
    ) -> None:
        bytes(KEPT)
        self.query = query
        self._log = log
        self._every_line = every_line
        self._events = _events(query.tree)
        self._lock = threading.Lock()
        self._hits = Hits()
        self._at = (0, 1)  # offset and number of the next line
        self._provisional: list[int] = []  # hits in messages under way
        self._may_hide: list[int] = []  # hits that a later line may take from the rows
        self._is_thorough = True  # all messages under way were looked through
        self._test = FilterTest(query.tree)
        self._follows_messages = whole_messages or self._test.has_payload_terms
        is_joined = self._test.has_payload_terms
        self._open = OpenMessages(
            keeps_records=is_joined and self._test.has_line_terms, keeps_texts=is_joined
        )
        self._needles = needles_of(query.tree)

    @property
    def gave_up(self) -> int:
        """Messages for which a regular expression took too long: it counts as not found."""
        return self._test.gave_up

    def __len__(self) -> int:
        """Lines that were found so far."""
        return len(self._hits)

    @property
    def looked_through(self) -> int:
        """Bytes of the file that were."""
        return self._at[0]

    @property
    def last_looked(self) -> int:
        """The last line that was looked at."""
        return self._at[1] - 1

    @property
    def settled(self) -> int:
        """The last line up to which nothing will change."""
        first = self._open.first_line
        last = first - 1 if first is not None else self._at[1] - 1
        return min(last, self._may_hide[0] - 1) if self._may_hide else last

    @property
    def is_complete(self) -> bool:
        """Whether all that there is was looked through."""
        return self._at[0] >= self._log.index.size and self._is_thorough

    def line_at(self, place: int) -> int:
        """The number of a found line. Raises IndexError."""
        with self._lock:
            return self._hits[place]

    def lines(self, start: int, stop: int) -> list[int]:
        """The numbers of the found lines of a range of places, as far as there are any."""
        with self._lock:
            return self._hits.between(start, stop)

    def rows(self, start: int, stop: int) -> list[Row]:
        """The found lines of a range of places as rows."""
        return self._log.rows_at(self.lines(start, stop))

    def place_of(self, line: int) -> int:
        """The place of a line, or where it would be."""
        with self._lock:
            return self._hits.rank(line)

    def __contains__(self, line: int) -> bool:
        with self._lock:
            return line in self._hits

    def next(self, line: int, *, backward: bool = False) -> int | None:
        """The nearest found line after (or before) a line, as far as was looked."""
        with self._lock:
            place = self._hits.rank(line if backward else line + 1) - backward
            return self._hits[place] if 0 <= place < len(self._hits) else None

    def advance(self) -> bool:
        """Look through the next window; whether there may be more at once."""
        if self._may_hide:
            self._hide()
        window = self._log.window(self._at)
        if window is None:
            if not self._is_thorough:
                self._is_thorough = True
                self._update([], at_end=True)
            return False
        index = self._log.index
        settled = index.settled
        hidden = index.hidden(window.first, window.first + window.lines - 1)
        needles = self._needles if not hidden and not self._open else ()
        if needles and not are_dense(window, needles) and self._log.plain.is_plain(window, needles):
            found = self._look_at(find_lines(window, needles, index))
        else:
            found = self._look_through(window, hidden)
        if not self._every_line:
            self._may_hide += found[bisect_right(found, settled) :]
        self._at = window.after
        at_end = self._at[0] >= index.size
        self._is_thorough = not at_end or all(map(_is_small, self._open))
        self._update(found, at_end=at_end)
        return not at_end

    def _is_shown(self, hidden: Record) -> bool:
        """Whether a line counts though it is no row."""
        if self._every_line:
            return hidden.event is not UNSET
        return hidden.event in self._events

    def _look_at(self, lines: list[tuple[int, bytes]]) -> Sequence[int]:
        """Of some lines, each a message by itself, those that are found."""
        return self._test.taken(decode_lines(lines), [line for line, _ in lines])

    def _look_through(self, window: Window, hidden: Sequence[int]) -> Sequence[int]:
        """The lines of a window that are found, and those of messages that end in it."""
        records, first = decode_window(window, hidden), window.first
        gone = {line for line in hidden if not self._is_shown(records[line - first])}
        has_parts = self._follows_messages and (bool(self._open) or not _are_final(records))
        found: Sequence[int]
        if has_parts and self._test.has_payload_terms:
            found = self._join(records, first)
        else:
            found = self._test.taken(records, range(first, first + len(records)))
            for line, record in enumerate(records, first) if has_parts else ():
                self._open.take(record, line)
        return [line for line in found if line not in gone] if gone else found

    def _join(self, records: list[Record], first: int) -> list[int]:
        """The same where fragments are among the lines."""
        found: list[int] = []
        for line, record in enumerate(records, first):
            is_part, ended = self._open.take(record, line)
            for message in ended:
                found += self._test.lines_of(message)
            if not is_part and self._test.line(record, line):
                found.append(line)
        found.sort()
        return found

    def _update(self, found: Sequence[int], *, at_end: bool) -> None:
        """Take what was found, and instead of what was provisional what is now."""
        provisional: list[int] = []
        for message in self._open if at_end and self._test.has_payload_terms else ():
            if self._is_thorough or _is_small(message):
                provisional += self._test.lines_of(message)
        with self._lock:
            for line in self._provisional:
                self._hits.remove(line)
            last = self._hits[len(self._hits) - 1] if len(self._hits) else 0
            late = bisect_right(found, last)
            for line in found[:late]:
                self._hits.add(line)
            self._hits.extend(found[late:])
            for line in provisional:
                self._hits.add(line)
            self._provisional = provisional

    def _hide(self) -> None:
        """Drop the steps of a handshake that has come to its end, and is one row from now on."""
        index = self._log.index
        settled = index.settled
        with self._lock:
            for line in self._may_hide:
                if line <= settled and index.hidden(line, line):
                    self._hits.remove(line)
        self._may_hide = [line for line in self._may_hide if line > settled]


def _are_final(records: list[Record]) -> bool:
    return all([record.fin for record in records])  # noqa: C419 - a list is twice as fast


def _is_small(message: Message) -> bool:
    return message.size <= PROVISIONAL and len(message.lines) <= PROVISIONAL >> 8


def _events(node: Node) -> set[str]:
    """The events that a filter names."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return {name for part in parts for name in _events(part)}
        case EventIs(str(name)):
            return {name}
    return set()

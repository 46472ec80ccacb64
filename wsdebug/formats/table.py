"""The formats: their names, their suffixes, and who reads and writes them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from wsdebug.errors import UsageError
from wsdebug.formats.losses import Losses
from wsdebug.formats.source import Source
from wsdebug.session.checked import file_lines

__all__ = [
    "SOURCES",
    "TARGETS",
    "Target",
    "reader_of",
    "source_by_content",
    "source_by_name",
    "target_of",
]

CURL = re.compile(r"(?:[$>%] ?)?curl(?:\.exe)?\s")
HAR = re.compile(r'\{\s*"log"\s*:')
Reader = Callable[[BinaryIO, str, Losses], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Target:
    """A format that is written. `title` is what a person calls it."""

    name: str
    title: str
    module: str
    suffixes: tuple[str, ...] = ()
    is_text: bool = True
    is_command: bool = False  # one writer for several tools, by name

    def write(self, source: Source, out: BinaryIO) -> None:
        """Write the whole session. Raises SessionUnreadable, and OSError."""
        write = import_module(f"wsdebug.formats.{self.module}").write
        if self.is_command:
            write(source, out, self.name)
        else:
            write(source, out)


TARGETS = {
    target.name: target
    for target in (
        Target("session", "a session", "session_file", (".ws.jsonl", ".jsonl")),
        Target("har", "HAR", "har_write", (".har",)),
        Target("http", ".http", "http_file", (".http", ".rest")),
        Target("csv", "CSV", "csv_file", (".csv",)),
        Target("pcapng", "pcapng", "pcapng", (".pcapng",), is_text=False),
        Target("python", "a Python script", "python_file", (".py",)),
        Target("wsdebug", "a wsdebug command", "command_file", is_command=True),
        Target("websocat", "a websocat command", "command_file", is_command=True),
        Target("wscat", "a wscat command", "command_file", is_command=True),
        Target("curl", "a curl command", "command_file", is_command=True),
    )
}
# By name: the suffixes, and the module whose `read` makes session lines of it.
SOURCES = {
    "session": ((".ws.jsonl", ".jsonl", ".ws.jsonl.gz", ".jsonl.gz"), ""),
    "har": ((".har",), "har_read"),
    "curl": ((".curl",), "curl_read"),
}


def reader_of(name: str) -> Reader:
    """What makes session lines of an input format, by its name."""
    module = SOURCES[name][1]
    if not module:
        return _session_lines
    reader: Reader = import_module(f"wsdebug.formats.{module}").read
    return reader


def _session_lines(file: BinaryIO, path: str, losses: Losses) -> Iterator[bytes]:
    return file_lines(file, path)


def target_of(path: str, name: str | None) -> Target:
    """The format to write, by `name` or else by the suffix. Raises UsageError, field `to`."""
    if name is not None:
        return TARGETS[name]
    lowered = path.lower()
    for target in TARGETS.values():
        if lowered.endswith(target.suffixes) and target.suffixes:
            return target
    if lowered.endswith(".gz"):
        raise UsageError(f"{path}: only read; write without .gz, then gzip it", field="to")
    named = "stdout has no suffix" if path == "-" else f"{path}: no format is known by this name"
    raise UsageError(f"{named}; add --to {' or '.join(TARGETS)}", field="to")


def source_by_name(path: str) -> str | None:
    """The format of an input by its suffix, None for one that is not known."""
    lowered = path.lower()
    return next((name for name, (ends, _) in SOURCES.items() if lowered.endswith(ends)), None)


def source_by_content(head: bytes) -> str:
    """The format of an input by how it begins; a session where it is no other."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if CURL.match(text):
        return "curl"
    return "har" if HAR.match(text) else "session"

"""Where what is written goes: a file that is there whole or not at all, or stdout at the end."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from wsdebug.session.file import temporary_file
from wsdebug.session.put import whole_file

__all__ = ["STDOUT", "copy_rest", "open_output", "waiting_file"]

STDOUT = "-"
IN_MEMORY = 1 << 20  # bytes
CHUNK = 1 << 20  # bytes copied at a time


def waiting_file() -> IO[bytes]:
    """Bytes that are written out later: in memory up to 1 MiB, beyond it in a file."""
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


def copy_rest(file: IO[bytes], out: BinaryIO) -> None:
    """Write out what was waiting, and let go of it."""
    with file:
        file.seek(0)
        while data := file.read(CHUNK):
            out.write(data)


@contextmanager
def open_output(
    path: str, *, force: bool, shown: Callable[[bytes], bytes] | None = None
) -> Iterator[BinaryIO]:
    """A file of mode 0600, as `whole_file` makes it; `-` is stdout, which gets everything at the
    end, or nothing where the block raises. `shown` makes each line of it fit for a terminal.

    Raises RecordingFailed as `whole_file` and `temporary_file` do; of stdout what writing there
    raises.
    """
    if path != STDOUT:
        with whole_file(path, force=force, mode=0o600) as file:
            yield file
        return
    with temporary_file() as waiting:
        yield waiting
        waiting.seek(0)
        stdout = sys.stdout.buffer
        if shown is not None:
            stdout.writelines(map(shown, waiting))
        else:
            while data := waiting.read(CHUNK):
                stdout.write(data)
        stdout.flush()

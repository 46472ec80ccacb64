"""`--log FILE`: wsdebug's own debug log, for every command. Never a frame, never a secret."""

import logging
import os
import platform
import sys
import traceback

from wsdebug import __version__
from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.redact import Redactor

__all__ = ["start_log", "take_log"]

OPTION = "--log"


def take_log(arguments: list[str]) -> tuple[list[str], str | None]:
    """The arguments without `--log FILE`, wherever it stands before a `--`, and the file.

    Raises UsageError where no file follows.
    """
    rest: list[str] = []
    path = None
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*rest, word, *words], path
        if word == OPTION:
            path = next(words, "")
        elif word.startswith(f"{OPTION}="):
            path = word.partition("=")[2]
        else:
            rest.append(word)
            continue
        if not path:
            raise UsageError(f"{OPTION} needs a file", field="log")
    return rest, path


def start_log(path: str, command: str) -> None:
    """Append to a file of mode 0600. Raises RecordingFailed where it cannot be written."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise RecordingFailed(f"cannot write {path}: {why}", path=path) from error
    handler = logging.StreamHandler(os.fdopen(fd, "w", encoding="utf-8", errors="replace"))
    handler.setFormatter(_SafeFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    # libraries log headers as they are: their warnings are enough
    root.setLevel(logging.WARNING)
    logging.getLogger("wsdebug").setLevel(logging.DEBUG)
    logging.raiseExceptions = False
    logging.getLogger(__name__).info(
        "wsdebug %s, Python %s, %s, command %s, terminal %s",
        __version__,
        platform.python_version(),
        platform.platform(),
        command,
        os.environ.get("TERM", "none") if sys.stdout.isatty() else "none",
    )


class _SafeFormatter(logging.Formatter):
    """Escaped, and without the secrets that URLs and headers carry; a traceback keeps its lines."""

    def __init__(self) -> None:
        super().__init__()
        self._redactor = Redactor()

    def format(self, record: logging.LogRecord) -> str:
        """One line, and those of a traceback."""
        message = self._safe(record.getMessage())
        lines = [f"{self.formatTime(record)} {record.levelname} {record.name}: {message}"]
        if record.exc_info and record.exc_info[1] is not None:
            for part in traceback.format_exception(record.exc_info[1]):
                lines += [f"  {self._safe(line)}" for line in part.rstrip("\n").split("\n")]
        return "\n".join(lines)

    def _safe(self, text: str) -> str:
        return escape(self._redactor.text(text))

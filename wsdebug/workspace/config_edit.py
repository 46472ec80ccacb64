"""Changes to `config.toml` that keep its comments and layout, and what others write meanwhile."""

import contextlib
import fcntl
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.workspace.config import read_config, read_toml
from wsdebug.workspace.folders import make_private

__all__ = ["ConfigEditor", "changed", "value_at"]

Value = str | bool | int | float | list[str]


class ConfigEditor:
    """Changes one key at a time in the file as it is at that moment.

    What another process wrote before is kept; where that was the same key, nothing is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """The text; empty where there is no file. Raises UsageError for one that is no text."""
        return read_config(self._path) or ""

    def change(
        self,
        keys: tuple[str, ...],
        value: Value | None,
        *,
        shown: Any,
        judge: Callable[[str, str], None],
    ) -> str:
        """Set a key, or take it out for None; gives the new text.

        `keys` are the tables around it and its name, `shown` is the value that the person saw
        before, `judge` is given the text before and after and raises UsageError. So does this, for
        a file that does not parse and for a key that was changed meanwhile; RecordingFailed where
        it cannot be written. The file is as it was then.
        """
        try:
            with self._locked() as path:
                before = self.read()
                found = value_at(read_toml(before, self._path), keys)
                if found != shown:
                    words = "another program has changed it in the file; look at it again"
                    raise UsageError(words, field="config")
                after = changed(before, keys, value)
                judge(before, after)
                self._replace(path, before, after)
                return after
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            words = f"{self._path} cannot be written: {why}"
            raise RecordingFailed(words, path=str(self._path)) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[Path]:
        """The file itself, where the path is a link, while no other wsdebug changes it."""
        path = self._path.resolve()
        make_private(path.parent)
        fd = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield path
        finally:
            os.close(fd)

    def _replace(self, path: Path, before: str, after: str) -> None:
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600  # it may hold secrets
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
        try:
            with os.fdopen(fd, "wb") as file:
                os.fchmod(fd, mode)
                file.write(after.encode())
                file.flush()
                os.fsync(fd)
            if self.read() != before:  # an editor knows nothing of the lock
                words = "another program wrote the file at this moment; do it again"
                raise UsageError(words, field="config")
            os.replace(fresh, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(fresh)
            raise


def value_at(values: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """What stands there; None for nothing."""
    found: Any = values
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def changed(text: str, keys: tuple[str, ...], value: Value | None) -> str:
    """A TOML text with one key set, or taken out for None; all else stays where it is.

    Raises UsageError for a text in which that cannot be done.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    *tables, key = keys
    is_windows = "\r\n" in text
    try:
        document = tomlkit.parse(text if text.endswith("\n") or not text else f"{text}\n")
        table: Any = document
        for name in tables:
            if name not in table:
                if value is None:
                    return text
                if document.body:
                    document.add(tomlkit.nl())
                table.add(name, tomlkit.table())
            table = table[name]
        if value is None:
            table.pop(key, None)
        elif isinstance(value, list) and isinstance(table.get(key), tomlkit.items.Array):
            _change_list(table[key], value)
        elif key in table:
            table[key] = value
        elif tables:
            _append(table, key, value)
        after = tomlkit.dumps(document)
        if not tables and key not in table and value is not None:
            after = _with_line(after, f"{key} = {tomlkit.item(value).as_string()}\n")
        if is_windows:
            after = "\r\n".join(after.replace("\r\n", "\n").split("\n"))
        wanted = _wanted(tomllib.loads(text), keys, value)
        if tomllib.loads(after) == wanted:
            return after
    except (TOMLKitError, tomllib.TOMLDecodeError, AttributeError, TypeError):
        pass
    raise UsageError("it is written in a way that only an editor can change", field="config")


def _append(table: Any, key: str, value: Value) -> None:
    """Behind the last key: comments at the end of a table are those of the next one."""
    import tomlkit

    body = table.value.body if isinstance(table, tomlkit.items.Table) else []
    tail = []
    while body and body[-1][0] is None:
        tail.append(body.pop())
    table.add(key, value)
    body.extend(reversed(tail))


def _with_line(text: str, line: str) -> str:
    """Behind the last key that is in no table: what is said before a table is said of it."""
    lines = text.splitlines(keepends=True)
    at = next((n for n, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
    if at < len(lines):
        while at and lines[at - 1].lstrip().startswith("#"):
            at -= 1
        while at and not lines[at - 1].strip():
            at -= 1
        if lines[at].strip():
            line += "\n"
    return "".join([*lines[:at], line, *lines[at:]])


def _change_list(array: Any, wanted: list[str]) -> None:
    """Item by item, so that the others keep their lines and remarks."""
    for at in reversed(range(len(array))):
        if array[at] not in wanted:
            del array[at]
    for at, one in enumerate(wanted):
        if at >= len(array) or array[at] != one:
            array.insert(at, one)
    while len(array) > len(wanted):
        del array[-1]


def _wanted(values: dict[str, Any], keys: tuple[str, ...], value: Value | None) -> dict[str, Any]:
    """The values that the new text must have."""
    key, *rest = keys
    if not rest:
        changed = {**values, key: value}
        return {name: one for name, one in changed.items() if name != key or value is not None}
    return {**values, key: _wanted(values.get(key, {}), tuple(rest), value)}

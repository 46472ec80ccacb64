"""Payloads that stand in a file beside the session."""

from dataclasses import replace
from pathlib import Path

from wsdebug.session.checked import unreadable
from wsdebug.session.lines import LINE_LIMIT, FrameLine

__all__ = ["with_attached"]


def with_attached(line: FrameLine, path: str, folder: Path) -> FrameLine:
    """The frame with the bytes of its `{"file": …}`; any other as it is.

    `path` is the session's, for words. Raises SessionUnreadable where the file cannot be read, or
    is outside of the session's folder.
    """
    payload = line.raw.get("send" if line.sent else "recv")
    if not isinstance(payload, dict) or "file" not in payload:
        return line
    name = payload["file"]
    folder = folder.resolve()
    try:
        file = (folder / str(name)).resolve()
        if not file.is_relative_to(folder):
            raise unreadable(path, line.number, f"{name} is outside of the session's folder")
        if file.exists() and not file.is_file():
            raise unreadable(path, line.number, f"{name} is no ordinary file")
        if (size := file.stat().st_size) > LINE_LIMIT:
            raise unreadable(path, line.number, f"{name} is too large: {size:,} bytes")
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise unreadable(path, line.number, f"cannot read {name}: {why}") from error
    return replace(line, payload=data, frame=replace(line.frame, payload=data))

"""What kind of payload this is: guessed from its bytes, for a word beside it and a first view."""

from dataclasses import dataclass

from wsdebug.payload.json_scan import JsonError, is_json, looks_like_json, scan

__all__ = ["VIEWS", "Kind", "detect"]

VIEWS = ("JSON", "text", "hex")  # the order in which one key cycles

WHOLE = 4 * 1024 * 1024  # bytes: up to here a whole text is parsed
BEGINNING = 64 * 1024  # characters looked at of a longer one

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"OggS", "Ogg"),
    (b"ID3", "MP3 audio"),
    (b"\x1aE\xdf\xa3", "Matroska video"),
    (b"\x00asm", "WebAssembly"),
    (b"\x7fELF", "ELF program"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is a few words, empty for bytes that say nothing; a guess ends in `?`.

    `views` are those that make sense for it, in the order of `VIEWS`; `first` is shown first.
    """

    name: str
    first: str
    views: tuple[str, ...]


JSON = Kind("JSON", "JSON", VIEWS)
TEXT = Kind("text", "text", ("text", "hex"))
EMPTY = Kind("empty", "text", ("text", "hex"))


def detect(payload: bytes, *, is_text: bool) -> Kind:
    """The kind of a whole payload; `is_text` says that it belongs to a text message."""
    if not payload:
        return EMPTY
    text = _as_text(payload)
    if text is not None and looks_like_json(text) and _is_json(text):
        return JSON
    if is_text:
        return TEXT if text is not None else Kind("text", "hex", ("text", "hex"))
    name = _magic(payload)
    if not name and text is not None and _is_readable(text):
        return TEXT
    if not name and _could_be_protobuf(payload):
        name = "protobuf?"
    return Kind(name, "hex", ("text", "hex"))


def _as_text(payload: bytes) -> str | None:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None


def _is_json(text: str) -> bool:
    if len(text) > WHOLE:
        return _begins_as_json(text[:BEGINNING])
    return is_json(text)


def _begins_as_json(beginning: str) -> bool:
    """Whether the only thing wrong with it is that it ends."""
    try:
        for _ in scan(beginning):
            pass
    except JsonError as error:
        at_end = error.position >= len(beginning.rstrip())
        return at_end or beginning[error.position :][:1] in '"-0123456789tfn'
    return True


def _magic(payload: bytes) -> str:
    if payload[:4] == b"RIFF" and len(payload) >= 12:
        return {b"WEBP": "WebP image", b"WAVE": "WAV audio"}.get(payload[8:12], "RIFF")
    if payload[4:8] == b"ftyp":
        return "MP4 video"
    return next((name for magic, name in MAGIC if payload.startswith(magic)), "")


def _is_readable(text: str) -> bool:
    """Whether bytes that happen to be UTF-8 are meant to be read."""
    head = text[:4096]
    return not any((char < " " and char not in "\t\r\n") or char == "\x7f" for char in head)


def _could_be_protobuf(payload: bytes) -> bool:
    """Whether the bytes are a whole sequence of at least two plausible protobuf fields."""
    data = payload[:BEGINNING]
    at = fields = 0
    while at < len(data):
        key, at = _varint(data, at)
        if not 8 <= key < 8 << 12:
            return False
        wire_type = key & 7
        if wire_type == 0:
            value, at = _varint(data, at)
            if value < 0:
                return False
        elif wire_type == 2:
            size, at = _varint(data, at)
            if size < 0:
                return False
            at += size
        elif wire_type in (1, 5):
            at += 8 if wire_type == 1 else 4
        else:
            return False
        fields += 1
    return fields >= 2 and (at == len(data) or (len(payload) > BEGINNING and at <= len(payload)))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """(value, next place); a value of -1 where there is none."""
    value = 0
    for shift in range(10):
        if at >= len(data):
            return -1, at
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value, at
    return -1, at

"""How to connect: one frozen value, whoever makes it: command line, form, file or API."""

from dataclasses import dataclass, field

__all__ = ["ConnectOptions", "DeflateOffer", "RecordOptions"]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class DeflateOffer:
    """What the client offers of permessage-deflate (RFC 7692 section 7.1).

    Window bits are 8-15 or None for no parameter; `client_max_window_bits` may be 0 for the
    parameter without a value (the server may choose).
    """

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int | None = None
    client_max_window_bits: int | None = 0


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """Everything but the record. Field names are the long command-line names.

    In every text `{{name}}` stands for the variable or secret of that name. `header` holds
    (name, value) pairs in the order given, duplicates included; a value of None removes a
    default header. `max_size` bounds a message in bytes, inflated.
    """

    url: str
    header: tuple[tuple[str, str | None], ...] = ()
    subprotocol: tuple[str, ...] = ()
    origin: str | None = None
    user: str | None = field(default=None, repr=False)  # NAME:PASS
    bearer: str | None = field(default=None, repr=False)
    cookie: str | None = field(default=None, repr=False)
    insecure: bool = False
    cacert: str | None = None
    cert: str | None = None
    key: str | None = None
    passphrase: str | None = field(default=None, repr=False)
    servername: str | None = None
    proxy: str | None = field(default=None, repr=False)  # URL, user info included
    no_proxy: bool = False  # not even the environment's
    resolve: tuple[str, ...] = ()  # HOST:PORT:ADDRESS[,ADDRESS]
    connect_to: tuple[str, ...] = ()  # HOST:PORT:OTHER HOST:OTHER PORT, each may be empty
    unix_socket: str | None = None  # path
    location: bool = False  # follow redirects
    max_redirs: int = 10
    family: int = 0  # 4 or 6 to use only that IP version
    compression: DeflateOffer | None = field(default_factory=DeflateOffer)
    connect_timeout: float = 10.0  # seconds, for all steps together
    close_timeout: float = 5.0  # seconds
    ping_interval: float | None = None  # seconds; None sends no keepalive pings
    ping_timeout: float | None = None  # seconds to wait for a keepalive's pong
    auto_pong: bool = True
    max_size: int = 64 * MIB
    lenient: bool = False
    reconnect: bool = False
    variable: tuple[tuple[str, str | None], ...] = ()  # (name, value); None must be supplied
    secret: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (name, value)


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """Where a record goes. `path` None: an unlinked temporary file (the log works all the same).

    With `is_kept` false there is no record and no log.
    """

    path: str | None = None
    append: bool = False
    force: bool = False
    keeps_wire: bool = True
    keep_secrets: bool = False
    max_payload: int | None = None  # bytes kept of a payload; None keeps all
    rotate: int | None = None  # bytes after which the recording goes on in a next file
    is_kept: bool = True
    asked_for: bool = True  # false for the UI's own: stops below 1 GiB of free disk

"""What each key of `config.toml` does, in words: data for the page of preferences."""

from typing import Final, Literal

__all__ = ["CONNECTION", "OWN", "REDACTION"]

OwnKind = Literal["flag", "ascii", "theme", "number", "size", "text"]

AT_ONCE, NEXT, NEW = "at once", "at the next start", "for new connections"
# Sections: name in the file, kind, what it does, from when on, the default in words.
OWN: Final[tuple[tuple[str, tuple[tuple[str, OwnKind, str, str, str], ...]], ...]] = (
    (
        "Screen",
        (
            ("theme", "theme", "The colours of the screen", AT_ONCE, "wsdebug-dark"),
            (
                "ascii",
                "ascii",
                "Signs of ASCII alone; the terminal is asked unless this says it",
                NEXT,
                "as the terminal says",
            ),
            (
                "reduced_motion",
                "flag",
                "What moves by itself does so once a second, without a sparkline",
                AT_ONCE,
                "no",
            ),
            (
                "silence",
                "number",
                "Seconds without a frame that the log marks; 0 for no marks",
                AT_ONCE,
                "10",
            ),
            (
                "fold",
                "flag",
                "Heartbeats that follow one another are one row, from the start",
                AT_ONCE,
                "no",
            ),
            (
                "heartbeats",
                "text",
                "What heartbeats are: a filter, in the language of the filter bar",
                AT_ONCE,
                "(op:ping | op:pong)",
            ),
            (
                "message_budget",
                "size",
                "Bytes that a message typed should have at most; 0 for any number",
                AT_ONCE,
                "0",
            ),
        ),
    ),
    (
        "Recording",
        (
            ("record", "flag", "Each connection is recorded, from its first byte", NEW, "yes"),
            (
                "retention_days",
                "number",
                "Days that recordings without a name are kept; 0: until the next start",
                NEXT,
                "30",
            ),
            (
                "retention_bytes",
                "size",
                "They take no more room than this together; the oldest go first",
                NEXT,
                "1 GiB",
            ),
        ),
    ),
)
REDACTION: Final = (
    ("headers", "More headers whose values are never recorded, such as X-Tenant"),
    ("query", "More parameters of URLs whose values are never recorded"),
)
CONNECTION: Final[dict[str, str]] = {
    "header": "Sent with the handshake: Name: value; Name: alone removes a default one",
    "subprotocol": "Offered to the server, the first one preferred",
    "origin": "The Origin header",
    "user": "Basic authentication, NAME:PASS; or @FILE, or env:NAME",
    "bearer": "A bearer token; or @FILE, or env:NAME",
    "cookie": "The Cookie header, such as a=1; b=2",
    "insecure": "Any certificate is taken; anyone on the way can then read this",
    "cacert": "A file with certificates to trust in place of the system's",
    "cert": "A client certificate, in a file",
    "key": "Its key, in a file, if not in the same",
    "passphrase": "Of the key; or @FILE, or env:NAME",
    "servername": "The name that the server's certificate must have",
    "proxy": "http, https, socks5 or socks5h, with user info if it wants that",
    "no-proxy": "No proxy, not even the environment's",
    "resolve": "HOST:PORT:ADDR: this address for a name",
    "connect-to": "HOST:PORT:HOST:PORT: another host in place of one",
    "unix-socket": "A socket in the file system in place of TCP",
    "location": "Redirects are followed",
    "max-redirs": "Redirects to follow at most",
    "family": "4 or 6: only this version of IP",
    "compression": "permessage-deflate is offered",
    "connect-timeout": "Seconds for all steps of connecting together",
    "close-timeout": "Seconds that the server has to answer a close",
    "ping-interval": "Seconds between two pings of ours",
    "ping-timeout": "Seconds that a pong may take; wants ping-interval",
    "auto-pong": "Pings of the server are answered",
    "max-size": "Bytes of a message at most, inflated, such as 64k or 64M",
    "lenient": "A violation is noted, and the connection goes on",
    "reconnect": "What broke is connected again, 1 s to 30 s apart",
    "variable": "N=V for {{N}} in what is sent",
    "secret": "N=V for {{N}}, masked in recordings; V may be @FILE or env:NAME",
    "server-no-context-takeover": "The server forgets the last message when it compresses",
    "client-no-context-takeover": "We forget the last message when we compress",
    "server-max-window-bits": "8 to 15: the server's window at most",
    "client-max-window-bits": "9 to 15: our window at most",
}

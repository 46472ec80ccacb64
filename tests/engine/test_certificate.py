"""The facts of certificates, out of their bytes; the interpreter's own reader as oracle."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.engine.certificate import read_certificate

CA = trustme.CA(organization_name="Größe & Söhne")


def test_a_certificate_is_read_as_the_interpreter_reads_it(tmp_path: Path) -> None:
    """Subject, issuer and end of an authority, which `ssl` tells without a connection."""
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(str(tmp_path / "ca.pem"))
    (told,) = context.get_ca_certs()
    read = read_certificate(ssl.PEM_cert_to_DER_cert(CA.cert_pem.bytes().decode()))
    assert read.subject == read.issuer
    assert read.subject is not None
    assert read.subject.startswith("O=Größe & Söhne, OU=Testing CA #")
    assert read.not_after is not None
    assert read.not_after.timestamp() == ssl.cert_time_to_seconds(str(told["notAfter"]))


@pytest.mark.parametrize("year", [2026, 2049, 2050, 9999])
def test_both_forms_of_time(year: int) -> None:
    """Two digits of a year until 2049, four after it (RFC 5280 section 4.1.2.5)."""
    end = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    issued = CA.issue_cert("h.example", not_after=end, common_name="h.example")
    read = read_certificate(ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode()))
    assert read.not_after == end
    assert "CN=h.example" in str(read.subject)
    assert read.facts()["not_after"] == f"{year}-12-31T23:59:59Z"


@given(st.binary(max_size=80))
def test_bytes_that_are_no_certificate_only_have_a_digest(data: bytes) -> None:
    """Whatever a server sends."""
    read = read_certificate(data)
    assert len(read.sha256) == 64
    assert (read.subject, read.not_after) == (None, None)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_damaged_certificate_never_raises(at: int, byte: int) -> None:
    """One byte is another, anywhere."""
    data = bytearray(ssl.PEM_cert_to_DER_cert(CA.cert_pem.bytes().decode()))
    data[at % len(data)] = byte
    assert read_certificate(bytes(data)).facts()["sha256"]

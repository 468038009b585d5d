"""An encrypted line: only to a PBX whose certificate is trusted."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from app.telephony.source import SourceState
from tests.telephony.ami.conftest import settings
from tests.telephony.ami.fake_pbx import running_pbx
from tests.telephony.ami.lines import started
from tests.telephony.listening import Listener

pytest.importorskip("cryptography", reason="the package cryptography is missing, which makes certificates")


def _certificate(folder: Path) -> Path:
    """Self-signed, for 127.0.0.1, with its key in the same file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pbx")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path = folder / "pbx.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize("is_trusted", [True, False])
def test_only_a_trusted_certificate_is_talked_to(listener: Listener, tmp_path: Path, is_trusted: bool) -> None:
    path = _certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    with running_pbx(context) as pbx:
        trusted = str(path) if is_trusted else ""
        with started(settings(pbx.port, uses_tls=True, ca_file=trusted), listener):
            if is_trusted:
                listener.status(SourceState.READY)
            else:
                assert "certificate" in listener.status(SourceState.LOST).sentence
        assert pbx.login_count == int(is_trusted)

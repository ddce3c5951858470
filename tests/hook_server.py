"""A real https server on this machine, with a certificate of an authority of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from recommendations.notify.webhooks.posting import Courier

HOST = "hooks.example.org"


@dataclass
class Request:
    """One call as it arrived."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def name(self) -> str:
        """Return its id."""
        return self.headers["webhook-id"]

    @property
    def content(self) -> Any:
        """Return what it says."""
        return json.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """Say whether one of its signatures is by a secret: worked out here, not by our code."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.name}.{self.headers['webhook-timestamp']}.{self.body}"
        wanted = base64.b64encode(hmac.digest(key, signed.encode(), hashlib.sha256)).decode()
        return f"v1,{wanted}" in self.headers["webhook-signature"].split(" ")


@dataclass
class HookServer:
    """The calls that arrived, and how the server answers: status, text, headers, seconds before,
    seconds between the bytes of the answer.
    """

    port: int = 0
    status: int = 204
    text: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    silent: float = 0
    slow: float = 0
    calls: list[Request] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Return the address to register."""
        return f"https://{HOST}:{self.port}/in?for=tracker"

    @property
    def names(self) -> list[str]:
        """Return the ids of the calls, in their order."""
        return [call.name for call in self.calls]


def handler_of(server: HookServer) -> type[BaseHTTPRequestHandler]:
    """Return what answers for a server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name.lower(): value for name, value in self.headers.items()}
            server.calls.append(Request(self.path, given, body))
            server.arrived.set()
            time.sleep(server.silent)
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            if server.status != 204:
                self.send_header("Content-Length", str(len(server.text)))
            self.end_headers()
            for byte in server.text if server.slow else b"":
                time.sleep(server.slow)
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            if not server.slow:
                self.wfile.write(server.text)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                return  # who called has hung up

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler


class Quiet(ThreadingHTTPServer):
    """A server that says nothing of callers that hang up while they shake hands."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


@contextmanager
def hook_server(settings: Settings, folder: Path, **how: Any) -> Iterator[HookServer]:
    """Run a server for HOST, and let its port be called."""
    server = HookServer(**how)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written(folder, HOST))
    running = Quiet(("127.0.0.1", 0), handler_of(server))
    running.socket = context.wrap_socket(
        running.socket, server_side=True, do_handshake_on_connect=False
    )
    server.port = running.server_address[1]
    settings.WEBHOOK_PORTS = [server.port]
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def courier(**how: Any) -> Courier:
    """Return a courier that finds the server at HOST and trusts its authority."""
    trusted = ssl.create_default_context(cadata=authority()[1].public_bytes(PEM).decode())
    usual: dict[str, Any] = {
        "resolver": lambda host: ["127.0.0.1"],
        "allowed": lambda address: True,
        "context": trusted,
    }
    return Courier(**(usual | how))


PEM = serialization.Encoding.PEM


@cache
def authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """Return an authority that nobody else trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key, certificate("Authority of the tests", key, key, "Authority of the tests")


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, issuer: str
) -> x509.Certificate:
    """Return a certificate: of an authority where it signs itself, else of a host."""

    def named(words: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])

    now = datetime.now(UTC)
    is_authority = key is by
    built = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    )
    if not is_authority:
        built = built.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
    return built.sign(by, hashes.SHA256())


def written(folder: Path, host: str) -> Path:
    """Write key and certificate of a host, signed by the authority, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = certificate(host, key, authority()[0], "Authority of the tests")
    file = folder / "server.pem"
    private = key.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(PEM))
    return file

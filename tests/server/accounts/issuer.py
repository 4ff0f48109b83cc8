"""An issuer of OpenID Connect on the loopback: discovery, the code flow with PKCE, RS256, and the mistakes it can be told to make."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT, SECRET = "guatu", "the secret of the site"


class Issuer:
    """Who asks for a code gets one for `username`; what was asked for is kept for the test to see."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = self.key
        self.username, self.subject, self.audience = "clerk", "u-1", CLIENT
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def authorize(self, location: str) -> str:
        """What a browser that follows `location` is led back to, once its person has agreed."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, sent: dict[str, str], authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.origin,
                    "authorization_endpoint": f"{self.origin}/authorize",
                    "token_endpoint": f"{self.origin}/token",
                    "userinfo_endpoint": f"{self.origin}/userinfo",
                    "jwks_uri": f"{self.origin}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            case "/keys":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
                return 200, {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}
            case "/token":
                return self._token(sent)
            case "/userinfo" if authorization == "Bearer access":
                return 200, self._claims()
        return 404, {}

    def _token(self, sent: dict[str, str]) -> tuple[int, Any]:
        asked = self._codes.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if (
            asked is None
            or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET)
            or challenge != asked.get("code_challenge")
            or sent.get("redirect_uri") != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        moment = int(datetime.now(UTC).timestamp())  # noqa: TID251  an issuer has a clock of its own
        claims = self._claims() | {
            "iss": self.origin, "aud": self.audience, "iat": moment, "exp": moment + 60,
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
        }  # fmt: skip
        signed = jwt.encode(claims, self.signs_with, algorithm="RS256", headers={"kid": "1"})
        return 200, {"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def _claims(self) -> dict[str, Any]:
        return {"sub": self.subject, "preferred_username": self.username}


@contextmanager
def issuing() -> Iterator[Issuer]:
    """A running issuer."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = {name: found[0] for name, found in parse_qs(self.rfile.read(length).decode()).items()}
            path = urlsplit(self.path).path
            status, body = issuer.answer(path, sent, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_GET = do_POST = _do

        def log_message(self, *_words: object) -> None:
            """Say nothing: the tests look at what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()

"""Visitor tokens: who they let in, and whom not."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Dict

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from proactive_api.config import Config, ConfigError
from proactive_api.operations.visitor_tokens import CannotSign, TokenExpired, TokenInvalid, Visitor, VisitorTokens

NOW = 1_795_000_000.5
SECRET = "a secret of at least thirty-two characters"
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> str:
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    return str(key.public_bytes(serialization.Encoding.PEM, spki).decode())


PUBLIC = pem(PRIVATE.public_key())


def config(tmp_path: Path, **more: str) -> Config:
    return Config.from_env({"PROACTIVE_DATA_DIR": str(tmp_path), "MESSENGER_JWT_SECRET": SECRET, **more})


@pytest.fixture
def tokens(tmp_path: Path) -> VisitorTokens:
    return VisitorTokens(config(tmp_path))


@pytest.fixture
def rs256(tmp_path: Path) -> VisitorTokens:
    return VisitorTokens(config(tmp_path, MESSENGER_JWT_PUBLIC_KEY=PUBLIC))


def signed(claims: Dict[str, Any], key: Any = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm)


def raw(header: Any, claims: Any, signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_what_was_made_is_read(tokens: VisitorTokens) -> None:
    made = tokens.make("alice", NOW, 60)
    assert tokens.read(made, NOW) == Visitor("alice", float(int(NOW + 60)), None)
    assert tokens.read(tokens.make("Zoë 🦊", NOW), NOW).expires_at == int(NOW + 3600)


def test_it_expires_with_some_leeway(tokens: VisitorTokens) -> None:
    made = tokens.make("alice", NOW, 60)
    assert tokens.read(made, NOW + 69).user_id == "alice"
    with pytest.raises(TokenExpired, match=r"expired.*\.$"):
        tokens.read(made, NOW + 70)


def test_a_shop_may_sign_its_own(tokens: VisitorTokens) -> None:
    assert tokens.read(signed({"sub": "bob"}), NOW) == Visitor("bob")
    assert tokens.read(signed({"sub": "bob", "nickname": "Bob"}), NOW).nickname == "Bob"
    assert tokens.read(signed({"sub": "bob", "exp": NOW + 1.5}), NOW).expires_at == NOW + 1.5


@pytest.mark.parametrize("nickname", [5, "", " ", "a\nb", "x" * 256, None, ["Bob"]])
def test_a_nickname_that_cannot_be_used_keeps_nobody_out(tokens: VisitorTokens, nickname: Any) -> None:
    assert tokens.read(signed({"sub": "bob", "nickname": nickname}), NOW) == Visitor("bob")


@pytest.mark.parametrize("sub", ["", " ", "a\nb", "a\x00b", "x" * 256, "\ud800"])
def test_nobody_is_nobody(tokens: VisitorTokens, sub: str) -> None:
    with pytest.raises(TokenInvalid, match="sub"):
        tokens.read(signed({"sub": sub}), NOW)
    with pytest.raises(ValueError):
        tokens.make(sub, NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"sub": None},
        {"exp": NOW + 60},
        {"sub": "bob", "nbf": NOW + 11},
        {"sub": "bob", "iat": NOW + 11},
        {"sub": "bob", "aud": "another-service"},
    ],
)
def test_claims_that_do_not_do(tokens: VisitorTokens, claims: Dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid, match=r"\.$"):
        tokens.read(signed(claims), NOW)


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, "1795000100", True, [], {}, float("inf"), float("nan"), 10**400, -(10**30)])
def test_times_that_are_none(tokens: VisitorTokens, name: str, value: Any) -> None:
    payload = json.dumps({"sub": "bob", name: value}).encode()
    token = jwt.api_jws.encode(payload, SECRET, "HS256")
    with pytest.raises(TokenInvalid, match=name):
        tokens.read(token, NOW)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "\ud800", "x" * 100_000, None, 5, b"a.b.c", {}])
def test_what_is_no_token(tokens: VisitorTokens, rs256: VisitorTokens, token: Any) -> None:
    for reader in (tokens, rs256):
        with pytest.raises(TokenInvalid, match="not a visitor's token"):
            reader.read(token, NOW)


def test_strange_bodies_are_refused(tokens: VisitorTokens) -> None:
    for payload in (b"[]", b"null", b"{", b"\xff", b"[" * 5_000):
        with pytest.raises(TokenInvalid):
            tokens.read(jwt.api_jws.encode(payload, SECRET, "HS256"), NOW)


def test_a_changed_token_is_refused(tokens: VisitorTokens) -> None:
    header, _, signature = tokens.make("alice", NOW).split(".")
    other = tokens.make("bob", NOW).split(".")[1]
    with pytest.raises(TokenInvalid, match="not signed"):
        tokens.read(f"{header}.{other}.{signature}", NOW)


def test_only_the_configured_algorithm_counts(tokens: VisitorTokens, rs256: VisitorTokens) -> None:
    claims = {"sub": "alice"}
    forged = [
        raw({"alg": "none", "typ": "JWT"}, claims),
        raw({"alg": "None"}, claims),
        raw({"typ": "JWT"}, claims),
        signed(claims, "another secret of at least thirty-two", "HS256"),
        signed(claims, SECRET + SECRET, "HS512"),
    ]
    for token in [*forged, signed(claims, PRIVATE, "RS256")]:
        with pytest.raises(TokenInvalid):
            tokens.read(token, NOW)
    for token in [*forged, signed(claims), signed(claims, PRIVATE, "RS512"), signed(claims, PRIVATE, "PS256")]:
        with pytest.raises(TokenInvalid):
            rs256.read(token, NOW)


def test_the_public_key_is_no_secret(rs256: VisitorTokens) -> None:
    """The old trick: sign as HS256 with the public key, which everybody may know."""
    import hashlib
    import hmac

    head = raw({"alg": "HS256", "typ": "JWT"}, {"sub": "alice"}).rpartition(".")[0]
    for known in (PUBLIC, PUBLIC.strip()):
        mark = hmac.new(known.encode(), head.encode(), hashlib.sha256).digest()
        token = f"{head}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
        with pytest.raises(TokenInvalid, match="not signed"):
            rs256.read(token, NOW)


def test_a_key_pair(rs256: VisitorTokens) -> None:
    assert rs256.read(signed({"sub": "alice", "exp": int(NOW) + 60}, PRIVATE, "RS256"), NOW).user_id == "alice"
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(TokenInvalid, match="not signed"):
        rs256.read(signed({"sub": "alice"}, stranger, "RS256"), NOW)
    assert not rs256.can_sign
    with pytest.raises(CannotSign):
        rs256.make("alice", NOW)


def test_the_public_key_may_be_in_a_file_or_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PUBLIC)
    token = signed({"sub": "alice"}, PRIVATE, "RS256")
    for written in (str(tmp_path / "key.pem"), PUBLIC.replace("\n", "\\n"), f"\n{PUBLIC}\n"):
        read = config(tmp_path, MESSENGER_JWT_PUBLIC_KEY=written)
        assert VisitorTokens(read).read(token, NOW).user_id == "alice"
        assert Config.from_env(read.environment()) == read


def test_keys_that_cannot_be_used_are_refused_at_the_start(tmp_path: Path) -> None:
    private = PRIVATE.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    short = pem(rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key())
    elliptic = pem(ec.generate_private_key(ec.SECP256R1()).public_key())
    for written in (private, short, elliptic, "-----BEGIN PUBLIC KEY-----", str(tmp_path / "none.pem"), str(tmp_path)):
        with pytest.raises(ConfigError, match="^MESSENGER_JWT_PUBLIC_KEY ") as error:
            config(tmp_path, MESSENGER_JWT_PUBLIC_KEY=written)
        assert written not in str(error.value)
    with pytest.raises(ConfigError, match="^MESSENGER_JWT_SECRET "):
        config(tmp_path, MESSENGER_JWT_SECRET=PUBLIC)

"""Variables of the environment as values: each complaint names the variable, none repeats what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Optional
from urllib.parse import urlsplit


class ConfigError(ValueError):
    """A variable of the environment is missing or cannot be used.

    ``variable`` names it; the text says what to set it to.
    """

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable} {problem}")
        self.variable = variable


class Environment:
    """Typed access to the variables; one that is set but empty counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> Optional[str]:
        """What it holds, as it is."""
        return self._environ.get(name, "").strip() or None

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number between two bounds; ``default`` where the variable is unset."""
        text = self.text(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            raise ConfigError(name, f"must be a whole number from {lowest} to {highest}.")
        return int(text)

    def port(self, name: str, default: int) -> int:
        """A port of this machine."""
        return self.number(name, default, 1, 65535)

    def url(self, name: str) -> Optional[str]:
        """The address of a server; never ends in a slash."""
        text = self.text(name)
        if text is None:
            return None
        if urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc:
            raise ConfigError(name, "must be an address that starts with http:// or https://.")
        return text.rstrip("/")

    def signing_secret(self, name: str) -> Optional[str]:
        """A secret to sign with; a key pair's half in its place would be known to others."""
        text = self.text(name)
        if text is not None and "-----BEGIN" in text:
            raise ConfigError(name, "must be a secret text, not a key in PEM form; that is MESSENGER_JWT_PUBLIC_KEY.")
        return text

    def rsa_public_key(self, name: str) -> Optional[str]:
        """An RSA public key in PEM form: the variable holds it, or the path of a file that does."""
        text = self.text(name)
        if text is None:
            return None
        pem = text.replace("\\n", "\n").strip() if "-----BEGIN" in text else _file(name, text)
        if not _is_rsa_public_key(pem):
            raise ConfigError(name, "must hold an RSA public key of 2048 bits or more in PEM form, or the path to one.")
        return pem


def _file(name: str, path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise ConfigError(name, f"names a file that cannot be read ({type(error).__name__}).") from None


def _is_rsa_public_key(pem: str) -> bool:
    # Rarely set, and slow to import.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPublicKey) and key.key_size >= 2048

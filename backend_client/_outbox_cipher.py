"""Entries that are read with their key alone. Needs the package cryptography (an extra)."""

from __future__ import annotations

import binascii

from backend_client.errors import ConfigurationError, OutboxError


class Cipher:
    """Fernet: AES-128 in CBC with an HMAC. The key is in no repr and no message.

    Source: https://github.com/fernet/spec.
    """

    def __init__(self, key: str | bytes) -> None:
        """Raises ConfigurationError."""
        try:
            from cryptography.fernet import Fernet, InvalidToken  # noqa: PLC0415 - optional
        except ImportError:
            raise ConfigurationError(
                "An encrypted outbox needs the package cryptography: "
                "pip install '.[encrypted-outbox]'."
            ) from None
        try:
            self._fernet = Fernet(key)
        except (ValueError, binascii.Error):
            raise ConfigurationError(
                "outbox_key must be a key of cryptography.fernet.Fernet.generate_key()."
            ) from None
        self._invalid: type[Exception] = InvalidToken

    def encrypt(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def decrypt(self, token: bytes) -> bytes:
        """Raises OutboxError for what another key encrypted, or what is damaged."""
        try:
            return self._fernet.decrypt(token)
        except self._invalid as error:
            raise OutboxError("An entry was encrypted with another key, or is damaged.") from error

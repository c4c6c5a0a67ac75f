"""A file under a password: encrypted and authenticated, so that a changed byte is noticed before anything is used.

The content is encrypted by a key of its own (AES-256-GCM in blocks; the number of a block and whether it is the last
are authenticated with it, so that blocks can be neither moved nor cut off). That key is kept twice: under the password
(scrypt) and under a recovery key that can be printed.
"""

import json
import secrets
import struct
from base64 import b32decode, b32encode, b64decode, b64encode
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bri_desktop.domain.errors import InputError, Where

MAGIC = b"BRI-SEALED-1\n"
BLOCK = 1 << 20
LONGEST_HEADER = 1 << 14
COST = {"n": 1 << 15, "r": 8, "p": 1}
MOST_COST = 1 << 20
KEY_BYTES, NONCE_BYTES, TAG_BYTES, RECOVERY_BYTES = 32, 12, 16, 25
_ALPHABET = str.maketrans("018", "OIB")


def is_sealed(path: Path) -> bool:
    """Tell whether a file begins as a sealed one."""
    with path.open("rb") as handle:
        return handle.read(len(MAGIC)) == MAGIC


def seal(source: Path, target: Path, password: str) -> str:
    """Write ``source`` encrypted to ``target`` and return the recovery key: eight groups of five signs, to print."""
    key, recovery = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(RECOVERY_BYTES)
    header = {"password": _wrap(key, password.encode()), "recovery": _wrap(key, recovery)}
    written = json.dumps(header).encode()
    with source.open("rb") as clear, target.open("wb") as closed:
        closed.write(MAGIC + struct.pack(">I", len(written)) + written)
        _encrypt(clear, closed, AESGCM(key), written)
    return printable(recovery)


def printable(recovery: bytes) -> str:
    """Return a recovery key as it is printed: ``ABCDE-FGHIJ-…``."""
    text = b32encode(recovery).decode()
    return "-".join(text[start : start + 5] for start in range(0, len(text), 5))


def unseal(source: Path, target: Path, secret: str) -> None:
    """Write the content of a sealed file to ``target``; ``secret`` is the password or the recovery key.

    Raises ``InputError``: ``sealed_damaged``, ``password_wrong``. Blocks are written only once they are authenticated.
    """
    where = Where(file=source.name)
    with source.open("rb") as closed:
        written, header = _header(closed, where)
        key = _unwrapped(header, secret, where)
        with target.open("wb") as clear:
            _decrypt(closed, clear, AESGCM(key), written, where)


def _header(closed: IO[bytes], where: Where) -> tuple[bytes, dict[str, Any]]:
    if closed.read(len(MAGIC)) != MAGIC:
        raise InputError("sealed_damaged", where=where)
    try:
        (length,) = struct.unpack(">I", closed.read(4))
        written = closed.read(min(length, LONGEST_HEADER))
        header = json.loads(written)
    except (struct.error, ValueError) as error:
        raise InputError("sealed_damaged", where=where) from error
    if not isinstance(header, dict):
        raise InputError("sealed_damaged", where=where)
    return written, header


def _unwrapped(header: dict[str, Any], secret: str, where: Where) -> bytes:
    for name, written in (("password", secret.encode()), ("recovery", _recovery(secret))):
        try:
            return _unwrap(header[name], written)
        except InvalidTag:
            continue
        except (KeyError, TypeError, ValueError) as error:
            raise InputError("sealed_damaged", where=where) from error
    raise InputError("password_wrong", where=where)


def _recovery(secret: str) -> bytes:
    plain = "".join(secret.split()).replace("-", "").upper().translate(_ALPHABET)
    try:
        return b32decode(plain)
    except ValueError:
        return b""


def _wrap(key: bytes, secret: bytes) -> dict[str, Any]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(NONCE_BYTES)
    closed = AESGCM(_derived(secret, salt, COST)).encrypt(nonce, key, None)
    return {**COST, "salt": _text(salt), "nonce": _text(nonce), "key": _text(closed)}


def _unwrap(wrapped: dict[str, Any], secret: bytes) -> bytes:
    cost = {name: int(wrapped[name]) for name in COST}
    if not 1 < cost["n"] * cost["r"] * cost["p"] <= MOST_COST:
        raise ValueError("cost out of range")
    nonce, closed = b64decode(wrapped["nonce"]), b64decode(wrapped["key"])
    return AESGCM(_derived(secret, b64decode(wrapped["salt"]), cost)).decrypt(nonce, closed, None)


def _derived(secret: bytes, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost["n"], r=cost["r"], p=cost["p"]).derive(secret)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _encrypt(clear: IO[bytes], closed: IO[bytes], cipher: AESGCM, header: bytes) -> None:
    number, block = 0, clear.read(BLOCK)
    while True:
        following = clear.read(BLOCK)
        closed.write(cipher.encrypt(_nonce(number, is_last=not following), block, header))
        if not following:
            return
        number, block = number + 1, following


def _decrypt(closed: IO[bytes], clear: IO[bytes], cipher: AESGCM, header: bytes, where: Where) -> None:
    number, block = 0, closed.read(BLOCK + TAG_BYTES)
    while True:
        following = closed.read(BLOCK + TAG_BYTES)
        try:
            clear.write(cipher.decrypt(_nonce(number, is_last=not following), block, header))
        except InvalidTag as error:
            raise InputError("sealed_damaged", where=where) from error
        if not following:
            return
        number, block = number + 1, following


def _nonce(number: int, *, is_last: bool) -> bytes:
    """Return the nonce of a block: each key encrypts one file, so that counting is enough."""
    return struct.pack(">IQ", int(is_last), number)

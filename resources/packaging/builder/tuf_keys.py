# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys of the update metadata: ECDSA P-256, on tokens or, for trials, in files. Needs python-tuf's own library.

Clients take no other kind. A key on a token is named ``pkcs11:token=LABEL;object=NAME``; ``SIGN_PKCS11_MODULE`` and
``SIGN_PIN_FILE`` say how to reach it, and a ``pin-source=file:...`` in the name goes before the latter.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.packaging.builder import signing
from resources.packaging.builder.errors import BuilderError, MissingTool, Refused
from resources.packaging.builder.release import Release
from resources.packaging.builder.signing import Signing

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

ROLES: Final = ("root", "targets", "snapshot", "timestamp")
SCHEME_OF_TOKENS: Final = "pkcs11:"
SCHEME: Final = "ecdsa-sha2-nistp256"


@dataclass(frozen=True, slots=True)
class TufKeys:
    """Who signs which role.

    Attributes:
        threshold: Signatures that ``root`` needs, of those in ``root``.
        before: Keys of the root that is replaced; only for a new root.
    """

    root: Sequence[Signer]
    targets: Signer
    snapshot: Signer
    timestamp: Signer
    threshold: int = 2
    before: Sequence[Signer] = ()


def from_environment(env: Mapping[str, str]) -> TufKeys:
    """Keys named by ``SIGN_TUF_ROOT`` (several, a space between), ``SIGN_TUF_TARGETS``, ``_SNAPSHOT``, ``_TIMESTAMP``.

    Raises:
        BuilderError: One is not named or cannot be used.
    """
    names = [f"SIGN_TUF_{role.upper()}" for role in ROLES]
    lacking = [name for name in names if not env.get(name)]
    if lacking:
        raise BuilderError(f"update metadata needs {', '.join(lacking)}")
    root = [_signer(name, env) for name in shlex.split(env["SIGN_TUF_ROOT"])]
    targets, snapshot, timestamp = (_signer(env[name], env) for name in names[1:])
    before = [_signer(name, env) for name in shlex.split(env.get("SIGN_TUF_OLD_ROOT", ""))]
    return TufKeys(root, targets, snapshot, timestamp, int(env.get("SIGN_TUF_THRESHOLD", "2")), before)


def allow(release: Release, env: Mapping[str, str]) -> None:
    """Whether these keys may sign for the release's channel.

    Raises:
        Refused: A key file inside the project's folder (any channel), or any key file in production.
    """
    named = [name for role in (*ROLES, "old_root") for name in shlex.split(env.get(f"SIGN_TUF_{role.upper()}", ""))]
    files = [name for name in named if not name.startswith(SCHEME_OF_TOKENS)]
    inside = [Path(name).name for name in files if Path(name).resolve().is_relative_to(release.root.resolve())]
    if inside:
        raise Refused(f"{inside[0]} lies inside the project's folder: keys and PINs belong elsewhere")
    release.refuse("keys of the update metadata in files can be copied, use a token" if files else "")


def _signer(name: str, env: Mapping[str, str]) -> Signer:
    try:
        found = _on_token(name, env) if name.startswith(SCHEME_OF_TOKENS) else _in_file(Path(name))
    except ImportError as error:
        raise MissingTool("update metadata needs python-tuf: make .venv/ready, then .venv/bin/python") from error
    if found.public_key.scheme != SCHEME:
        raise BuilderError(f"{_shown(name)}: {found.public_key.scheme}; clients take {SCHEME} only")
    return found


def _in_file(path: Path) -> Signer:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner

    try:
        key: Any = load_pem_private_key(path.read_bytes(), None)
        return CryptoSigner(key)
    except (OSError, ValueError, TypeError) as error:
        raise BuilderError(f"{path.name}: not a private key without password") from error


def _on_token(name: str, env: Mapping[str, str]) -> Signer:
    """A key on a token, used through OpenSSL as everything else that is signed here."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import Key, SecretsHandler, Signature, Signer, SSlibKey

    lacking = [one for one in ("SIGN_PKCS11_MODULE", "SIGN_PIN_FILE") if not env.get(one)]
    if "pin-source=" in name:
        lacking = [one for one in lacking if one != "SIGN_PIN_FILE"]
    if lacking:
        raise BuilderError(f"{_shown(name)} needs {', '.join(lacking)}")
    place = Signing(backend="pkcs11", key=name, module=env["SIGN_PKCS11_MODULE"], pin_file=env.get("SIGN_PIN_FILE", ""))
    public: Any = load_pem_public_key(signing.token_public_key(place))

    class TokenSigner(Signer):
        """Signs by OpenSSL's PKCS#11 engine."""

        public_key = SSlibKey.from_crypto(public)

        @classmethod
        def from_priv_key_uri(
            cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
        ) -> Signer:
            """Keys are named by the environment, never by metadata."""
            del public_key, secrets_handler
            raise ValueError(f"no key behind {priv_key_uri}")

        def sign(self, payload: bytes) -> Signature:
            """DER, as ``ecdsa-sha2-nistp256`` wants it."""
            return Signature(self.public_key.keyid, signing.raw(place, payload).hex())

    return TokenSigner()


def _shown(name: str) -> str:
    return name.partition(";pin-")[0] if name.startswith(SCHEME_OF_TOKENS) else Path(name).name

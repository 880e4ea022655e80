# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs what was built: unsigned programs of a layout first, installers after, each signature also kept detached.

Detached signatures lie in ``dist/<version>/<target>/signatures`` under the signed file's own path; a rebuild needs
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from resources.packaging.builder import authenticode, layout, signing
from resources.packaging.builder.errors import BuilderError
from resources.packaging.builder.release import Release
from resources.packaging.builder.signing import Signing

SIGNATURES: Final = "signatures"


def sign(release: Release, config: Signing, paths: Sequence[Path]) -> Iterator[Path]:
    """Sign each of ``paths``; yields what was signed.

    Raises:
        BuilderError: A file of a kind that carries no signature (a ``.deb`` is signed by its repository).
    """
    release.refuse_tree()
    signing.allow(release, config)
    for path in paths:
        if path.is_dir():
            for program in layout.unsigned_programs(path):
                _one(release, config, program, program.relative_to(path))
                yield program
        elif path.suffix in {".msi", ".exe"}:
            _one(release, config, path, Path(path.name))
            yield path
        else:
            raise BuilderError(
                f"{path.name}: nothing to sign in it; packages are signed by repository and list of hashes"
            )


def _one(release: Release, config: Signing, path: Path, name: Path) -> None:
    authenticode.sign(release, config, path)
    kept = release.target("win-x64") / SIGNATURES / name
    authenticode.extract(path, kept.with_name(kept.name + ".p7"))

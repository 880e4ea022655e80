# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where each system keeps the machine's policy, and how it is read: JSON, registry, property list.

Decides whether a place may be believed at all: on POSIX systems a file counts only while nobody but its owner, the
administrator, can write it or replace it. Registry keys under ``HKEY_LOCAL_MACHINE`` are the administrator's by the
system's own rules. Every reader has its size limit here.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from client.paths import ENFORCED_POLICY, MACHINE_DEFAULTS
from client.policy import Layer, PolicyUnreadable, Source

MAX_POLICY: Final = 64 * 1024
ROOT_UID: Final = 0
_WRITABLE_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


def machine_layers() -> tuple[Layer, ...]:
    """What this machine has, strongest first; empty where IT staff left nothing.

    Raises:
        PolicyUnreadable: Something is there and may not, or cannot, be used.
    """
    found = (_of_place("enforced", ENFORCED_POLICY), _of_place("machine default", MACHINE_DEFAULTS))
    return tuple(layer for layer in found if layer is not None)


def _of_place(source: Source, place: str) -> Layer | None:
    if sys.platform == "win32":
        return from_registry(source, place, read_registry)
    return from_file(source, Path(place))


def from_file(source: Source, path: Path, *, owner: int = ROOT_UID) -> Layer | None:
    """The layer in a JSON file or, by its name, a property list; None where there is no file.

    Args:
        source: How strong the layer is.
        path: The file.
        owner: Whose file it must be; the folder too, since whoever can write that can put another file in.
    """
    try:
        data = _owned_bytes(path, owner)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise PolicyUnreadable(f"{path}: {type(error).__name__}") from error
    try:
        values = _property_list(data) if path.suffix == ".plist" else json.loads(data, object_pairs_hook=_no_doubles)
    except (ValueError, RecursionError) as error:
        raise PolicyUnreadable(f"{path}: {type(error).__name__}: {str(error)[:80]}") from error
    if not isinstance(values, dict):
        raise PolicyUnreadable(f"{path}: not an object")
    if path.suffix == ".plist":  # a profile's own bookkeeping may be kept beside its keys
        values = {name: value for name, value in values.items() if not str(name).startswith("Payload")}
    return Layer(source, str(path), values)


def _property_list(data: bytes) -> object:
    """What macOS keeps; the reader is loaded only there, this stands before the first paint."""
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        return plistlib.loads(data)
    except (plistlib.InvalidFileException, ExpatError) as error:
        raise ValueError(type(error).__name__) from error


def _owned_bytes(path: Path, owner: int) -> bytes:
    with path.open("rb") as file:
        status = path.parent.stat(), os.fstat(file.fileno())
        for which, found in zip((path.parent, path), status, strict=True):
            if found.st_uid != owner or found.st_mode & _WRITABLE_BY_OTHERS:
                raise PolicyUnreadable(f"{which}: others than the administrator may write it")
        data = file.read(MAX_POLICY + 1)
    if len(data) > MAX_POLICY:
        raise PolicyUnreadable(f"{path}: over {MAX_POLICY} bytes")
    return data


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def from_registry(source: Source, key: str, read: Callable[[str], Mapping[str, Any] | None]) -> Layer | None:
    """The layer under a key of ``HKEY_LOCAL_MACHINE``; None where there is no key.

    Installers write an empty text for a property nobody gave: that is absence, not a value.
    """
    values = read(key)
    if values is None:
        return None
    given = {name: value for name, value in values.items() if name and value not in ("", [])}
    if len(repr(given)) > MAX_POLICY:
        raise PolicyUnreadable(f"HKLM\\{key}: over {MAX_POLICY} bytes")
    return Layer(source, f"HKLM\\{key}", given, as_texts=True)


def read_registry(key: str) -> Mapping[str, Any] | None:
    """All values directly under a key of the 64-bit ``HKEY_LOCAL_MACHINE``."""
    if sys.platform == "win32":
        import winreg

        try:
            handle = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise PolicyUnreadable(f"HKLM\\{key}: {type(error).__name__}") from error
        with handle:
            rows = [winreg.EnumValue(handle, index) for index in range(winreg.QueryInfoKey(handle)[1])]
        return {name: data for name, data, _kind in rows}
    raise PolicyUnreadable("no registry on this system")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks the operating system to keep the window out of screen captures, where it offers that. Never a guarantee.

Windows: ``SetWindowDisplayAffinity`` (``WDA_EXCLUDEFROMCAPTURE``, before Windows 10 2004 ``WDA_MONITOR``). macOS: the
window's sharing type ``NSWindowSharingNone``. Linux has no such call. A camera sees everything: that is what the
watermark is for.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from enum import Enum
from typing import Any, Final

log = logging.getLogger(__name__)

_WDA_MONITOR: Final = 0x01
_WDA_EXCLUDEFROMCAPTURE: Final = 0x11
_SHARING_NONE: Final = 0


class Guard(Enum):
    """What became of the request."""

    ASKED = "asked"
    REFUSED = "refused"
    NOT_OFFERED = "not_offered"


def keep_out_of_captures(window_id: Callable[[], int], platform: str = sys.platform, system: Any = None) -> Guard:
    """Ask for one top-level window, again whenever it gets a new native handle.

    Args:
        window_id: ``QWidget.winId``: the HWND, or the NSView on macOS; asked only where it is needed.
        platform: ``sys.platform``.
        system: The system's library; tests bring their own.
    """
    if platform not in {"win32", "darwin"}:
        return Guard.NOT_OFFERED
    import ctypes  # loaded only where it is of use: this runs before the first paint

    try:
        if platform == "win32":
            user32 = system if system is not None else ctypes.WinDLL("user32")  # type: ignore[attr-defined]
            return _windows(user32, int(window_id()))
        objc = system if system is not None else ctypes.CDLL("/usr/lib/libobjc.A.dylib")
        return _macos(objc, int(window_id()))
    except (OSError, AttributeError) as error:
        log.info("capture guard: %s", type(error).__name__)
        return Guard.REFUSED


def _windows(user32: Any, window_id: int) -> Guard:
    import ctypes

    handle = ctypes.c_void_p(window_id)
    for affinity in (_WDA_EXCLUDEFROMCAPTURE, _WDA_MONITOR):
        if user32.SetWindowDisplayAffinity(handle, ctypes.c_uint32(affinity)):
            return Guard.ASKED
    return Guard.REFUSED


def _macos(objc: Any, window_id: int) -> Guard:
    import ctypes

    objc.sel_registerName.restype = ctypes.c_void_p
    send = objc.objc_msgSend
    send.restype, send.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_void_p]
    window = send(window_id, objc.sel_registerName(b"window"))
    if not window:
        return Guard.REFUSED
    send.restype, send.argtypes = None, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong]
    send(window, objc.sel_registerName(b"setSharingType:"), _SHARING_NONE)
    return Guard.ASKED

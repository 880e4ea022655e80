# SPDX-License-Identifier: AGPL-3.0-or-later
"""What ``--self-test`` says about the machine and the build, without making anything: policy, authorities, modules."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path
from typing import Final

from msgspec import Struct

from client.build_info import BuildInfo
from client.core import tls_context
from client.domain.releases import ReleaseNews, Standing
from client.errors import Text
from client.policy import Policy, version_to_install

HEAVY: Final = ("numpy", "onnxruntime")
"""What a wrong version of the page engine would drag in: 310 MB and a second of start."""


class Check(Struct, frozen=True):
    """One finding; ``detail`` holds names, versions and codes only."""

    name: str
    state: str
    detail: str
    vi: str
    en: str


def said(name: str, good: bool, detail: str, fine: Text, wrong: Text, *, otherwise: str = "failed") -> Check:
    """A finding that is ``ok`` or ``otherwise``."""
    text = fine if good else wrong
    return Check(name, "ok" if good else otherwise, detail, text.vi, text.en)


def build(info: BuildInfo) -> list[Check]:
    """Which build this is; anything but production is a notice."""
    fine = Text("Bản phát hành chính thức.", "A production build.")
    wrong = Text("Bản chạy thử, không dùng cho tài liệu thật.", "Not a production build; not for real papers.")
    return [said("build", info.channel == "production", info.label, fine, wrong, otherwise="notice")]


def policy(rules: Policy) -> list[Check]:
    """Which keys IT staff fixed or suggested, and where."""
    set_keys = [f"{o.key} ({o.source}: {o.place})" for o in rules.origins if o.source != "built-in"]
    fine = Text("Chính sách của máy đã được đọc.", "The machine's policy was read.")
    none = Text("Máy không có chính sách.", "This machine has no policy.")
    text = fine if set_keys else none
    return [Check("policy", "ok", "; ".join(set_keys) or "built-in values", text.vi, text.en)]


def update(rules: Policy, info: BuildInfo) -> list[Check]:
    """Whether IT staff want a newer version here; silent if not."""
    wanted = version_to_install(rules, info.version)
    if wanted is None:
        return []
    text = Text("Cần cài phiên bản mới hơn.", "A newer version should be installed.")
    return [Check("update", "notice", wanted, text.vi, text.en)]


def releases(news: ReleaseNews) -> Check:
    """What the update metadata says; a mirror that cannot be read or believed is a notice."""
    current = Text("Không có bản nào mới hơn.", "There is no newer release.")
    newer = Text("Có bản mới; cán bộ kỹ thuật sẽ cài.", "There is a newer release for IT staff to install.")
    silent = Text("Không đọc được thông tin phiên bản.", "The update metadata could not be read or believed.")
    text = silent if news.trouble else newer if news.version else current
    detail = " ".join(filter(None, (news.standing.value, news.version, news.trouble)))
    good = news.standing is Standing.CURRENT and not news.trouble
    return Check("releases", "ok" if good else "notice", detail, text.vi, text.en)


def authorities(rules: Policy) -> list[Check]:
    """Whether any authority is there that could vouch for the service."""
    context = tls_context(rules.ca_file, rules.ca_pins) if rules.ca_file else None
    found = len(context.get_ca_certs()) if context else _system_authorities()
    where = "CAFile" if context else "system"
    fine = Text("Có chứng thư gốc để kiểm tra máy chủ.", "There are authorities to verify the service with.")
    wrong = Text(
        "Kho chứng thư gốc trống: không kết nối được máy chủ.", "No authorities: the service cannot be reached."
    )
    return [said("tls", found > 0, f"{where}: {found}", fine, wrong, otherwise="notice")]


def modules() -> list[Check]:
    """That nothing heavy came along."""
    loaded = [name for name in HEAVY if name in sys.modules]
    fine = Text("Không có thành phần thừa.", "Nothing superfluous is loaded.")
    wrong = Text("Bản cài đặt chứa thành phần không được phép.", "The installation contains what it must not.")
    return [said("modules", not loaded, ", ".join(loaded) or "lean", fine, wrong)]


def _system_authorities() -> int:
    if sys.platform == "win32":
        return len(ssl.enum_certificates("ROOT"))
    paths = ssl.get_default_verify_paths()
    folder = [p for p in Path(paths.capath).iterdir() if p.suffix != ".crt"] if paths.capath else []
    return len(folder) or (1 if paths.cafile and Path(paths.cafile).stat().st_size else 0)

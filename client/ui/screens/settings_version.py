# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings: which program runs here, and whether there is a newer one. Nobody can install it from here: IT staff do."""

from __future__ import annotations

from PySide6.QtCore import qVersion

from client.build_info import build_info
from client.domain.releases import ReleaseNews, Standing
from client.errors import MetadataExpired, Untrusted
from client.policy import Policy, version_to_install
from client.ui import formats
from client.ui.i18n import tr


def version() -> str:
    """The program's version as installed; a test build says that it is one."""
    return build_info().label


def version_line(policy: Policy) -> str:
    """What runs, and the version that policy wants here."""
    running = f"e-Cabinet {version()} · Qt {qVersion()}"
    wanted = version_to_install(policy, build_info().version)
    if wanted is None:
        return running
    return tr("{running} · cần cài {wanted}, báo cán bộ kỹ thuật").format(running=running, wanted=wanted)


def news_sentence(news: ReleaseNews) -> str:
    """What is known of releases and, if the last look went wrong in a way somebody must mend, that."""
    return " ".join(filter(None, (_standing(news), _trouble(news.trouble))))


def _standing(news: ReleaseNews) -> str:
    match news.standing:
        case Standing.NEWER:
            return tr("Có bản mới {version}; cán bộ kỹ thuật sẽ cài.").format(version=news.version)
        case Standing.TOO_OLD:
            return tr("Bản đang dùng đã quá cũ, cần bản {version}: báo cán bộ kỹ thuật.").format(version=news.version)
        case Standing.CURRENT if news.looked is not None:
            return tr("Không có bản nào mới hơn ({time}).").format(time=formats.exact_moment(news.looked))
        case Standing.CURRENT:
            return tr("Chưa biết có bản nào mới hơn.")
        case Standing.UNKNOWN:
            return "" if _trouble(news.trouble) else tr("Chưa hỏi được nơi phát hành.")


def _trouble(code: str) -> str:
    if code == MetadataExpired.code:
        said = tr("Thông tin phiên bản đã quá hạn: báo cán bộ kỹ thuật ({code}).")
    elif code.startswith(Untrusted.code):
        said = tr("Thông tin phiên bản nhận được không đáng tin và không được dùng: báo cán bộ kỹ thuật ({code}).")
    elif code.startswith("machine."):
        said = tr("Chưa có gốc tin cậy để kiểm tra thông tin phiên bản: báo cán bộ kỹ thuật ({code}).")
    else:
        return ""
    return said.format(code=code)

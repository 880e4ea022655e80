# SPDX-License-Identifier: AGPL-3.0-or-later
"""Languages of the windows. Vietnamese is the source language; English comes from ``resources/i18n/en.qm``.

All strings go through :func:`tr` in one context, so that a test can collect them by reading the code and hold
the catalogue to 100 %. Sentences with values use named places: ``tr("Còn {n} lần thử").format(n=4)``.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from client.errors import EcabinetError, EnvironmentFault
from client.resources import resource_path

CONTEXT: Final = "ecabinet"
LANGUAGES: Final = ("vi", "en")
_CATALOGUES: Final = {"vi": "qt_vi.qm", "en": "en.qm"}
"""Our words are Vietnamese and Qt's are English: each language lacks the other's half. Qt ships no Vietnamese."""
_installed: list[QTranslator] = []
_language: list[str] = ["vi"]


def tr(text: str, meaning: str = "") -> str:
    """``text`` in the language in force.

    Args:
        text: Vietnamese, a literal.
        meaning: Tells two uses of one word apart; also a literal.
    """
    return QCoreApplication.translate(CONTEXT, text, meaning or None)


def set_language(app: QCoreApplication, language: str) -> None:
    """Put ``language`` (``"vi"`` or ``"en"``) in force; windows built before must be built again.

    Raises:
        EnvironmentFault: The catalogue of the installation is missing or damaged.
    """
    while _installed:
        app.removeTranslator(_installed.pop())
    translator = QTranslator(app)
    if not translator.load(str(resource_path("i18n", _CATALOGUES[language]))):
        raise EnvironmentFault(f"translation {language}")
    app.installTranslator(translator)
    _installed.append(translator)
    _language[0] = language
    QLocale.setDefault(QLocale("vi_VN" if language == "vi" else "en_GB"))


def language() -> str:
    """The language in force."""
    return _language[0]


def error_title(error: EcabinetError) -> str:
    """What happened, in the language in force."""
    return error.title.of(_language[0])


def error_next_step(error: EcabinetError) -> str:
    """What to do about it, in the language in force."""
    return error.next_step.of(_language[0])

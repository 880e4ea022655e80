# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one style sheet, written from tokens.

Widgets are told apart by dynamic properties: ``role`` for text, ``variant`` for buttons, ``part`` for frames.
Rules give colours, borders and fonts only; sizes of targets are set on the widgets, where tests measure them.
"""

from __future__ import annotations

from client.ui.theme.fonts import FAMILY
from client.ui.theme.tokens import GAP, PAD, RADIUS, RADIUS_SMALL, Tokens


def style_sheet(tokens: Tokens) -> str:
    """The application's style sheet for ``tokens``."""
    return "\n".join((_base(tokens), _text(tokens), _buttons(tokens), _fields(tokens), _frames(tokens), _bars(tokens)))


def _base(t: Tokens) -> str:
    c = t.colours
    return f"""
* {{ font-family: "{FAMILY}"; }}
QWidget {{ color: {c.ink}; font-size: {t.measures.body}px; }}
QMainWindow, QDialog, QWidget[part="ground"] {{ background: {c.ground}; }}
QToolTip {{ background: {c.surface}; color: {c.ink}; border: 1px solid {c.border}; padding: 6px;
  font-size: {t.measures.note}px; }}
QScrollArea, QScrollArea > QWidget > QWidget[part="plain"], QStackedWidget {{ background: transparent; border: none; }}
"""


def _text(t: Tokens) -> str:
    c, m = t.colours, t.measures
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="display"] {{ font-size: {m.display}px; font-weight: 600; }}
QLabel[role="title"] {{ font-size: {m.title}px; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: {m.heading}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="note"] {{ font-size: {m.note}px; color: {c.secondary}; }}
QLabel[role="small"] {{ font-size: {m.small}px; color: {c.secondary}; }}
QLabel[role="error"] {{ color: {c.danger.ink}; font-weight: 600; }}
QLabel[role="digits"] {{ font-size: {m.title}px; font-weight: 600; letter-spacing: 1px; }}
QLabel:disabled {{ color: {c.disabled}; }}
"""


def _buttons(t: Tokens) -> str:
    c, m = t.colours, t.measures
    focus = f"border: 3px solid {c.primary};"
    return f"""
QPushButton, QToolButton {{ border-radius: {RADIUS_SMALL}px; padding: 0 {PAD}px; font-weight: 600;
  background: {c.surface}; color: {c.primary}; border: 2px solid {c.primary}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.selected}; }}
QPushButton:focus, QToolButton:focus {{ {focus} }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.disabled}; border-color: {c.hairline};
  background: {c.ground}; }}
QPushButton[variant="primary"] {{ background: {c.primary}; color: {c.on_primary}; border-color: {c.primary}; }}
QPushButton[variant="primary"]:pressed {{ background: {c.primary_pressed}; }}
QPushButton[variant="primary"]:focus {{ border: 3px solid {c.ink}; }}
QPushButton[variant="primary"]:disabled {{ background: {c.hairline}; color: {c.disabled}; border-color: {c.hairline}; }}
QPushButton[variant="danger"] {{ color: {c.danger.ink}; border-color: {c.danger.ink}; }}
QPushButton[variant="danger"]:pressed {{ background: {c.danger.ground}; }}
QPushButton[variant="plain"], QToolButton {{ border: 2px solid transparent; background: transparent; }}
QPushButton[variant="plain"] {{ padding: 0 {GAP - 2}px; }}
QPushButton[variant="plain"]:pressed, QToolButton:pressed {{ background: {c.selected}; }}
QPushButton[variant="plain"]:focus, QToolButton:focus {{ {focus} }}
QToolButton {{ padding: 0; color: {c.ink}; font-weight: 400; font-size: {m.small}px; }}
QToolButton:checked {{ background: {c.selected}; border: 2px solid {c.primary}; color: {c.primary}; font-weight: 600; }}
QToolButton:checked:focus {{ {focus} }}
QPushButton[variant="key"] {{ font-size: {m.title}px; border: 2px solid {c.border}; color: {c.ink}; padding: 0; }}
QPushButton[variant="key"]:focus {{ {focus} }}
QPushButton[variant="segment"] {{ border: 2px solid {c.border}; color: {c.ink}; font-weight: 400; }}
QPushButton[variant="segment"]:checked {{ background: {c.selected}; border-color: {c.primary}; color: {c.primary};
  font-weight: 600; }}
QPushButton[variant="segment"]:focus {{ {focus} }}
QPushButton[variant="tab"] {{ border: none; border-bottom: 3px solid transparent; border-radius: 0;
  color: {c.secondary}; background: transparent; }}
QPushButton[variant="tab"]:checked {{ border-bottom: 3px solid {c.primary}; color: {c.primary}; }}
QPushButton[variant="tab"]:focus {{ {focus} border-radius: {RADIUS_SMALL}px; }}
"""


def _fields(t: Tokens) -> str:
    c = t.colours
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit {{ background: {c.field}; border: 2px solid {c.border};
  border-radius: {RADIUS_SMALL}px; padding: {GAP}px 12px; selection-background-color: {c.primary};
  selection-color: {c.on_primary}; placeholder-text-color: {c.secondary}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 3px solid {c.primary}; }}
QLineEdit:disabled, QPlainTextEdit:disabled {{ background: {c.ground}; color: {c.disabled}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] {{ border-color: {c.danger.ink}; }}
"""


def _frames(t: Tokens) -> str:
    c = t.colours
    return f"""
QFrame[part="card"] {{ background: {c.surface}; border: 1px solid {c.hairline}; border-radius: {RADIUS}px;
  padding: 2px; }}
QFrame[part="card"][selected="true"] {{ border: 2px solid {c.primary}; padding: 1px; }}
QFrame[part="card"][pressed="true"] {{ background: {c.selected}; }}
QFrame[part="card"]:focus {{ border: 3px solid {c.primary}; padding: 0; }}
QFrame[part="row"] {{ background: transparent; border: none; border-top: 1px solid {c.hairline}; }}
QFrame[part="row"][first="true"] {{ border-top: none; }}
QFrame[part="row"]:focus {{ border: 3px solid {c.primary}; border-radius: {RADIUS_SMALL}px; }}
QFrame[part="bar"] {{ background: {c.surface}; border: 1px solid {c.hairline}; border-radius: {RADIUS}px; }}
QFrame[part="inset"] {{ background: {c.ground}; border: none; border-radius: {RADIUS_SMALL}px; }}
QFrame[part="live"] {{ background: {c.info.ground}; border: none; border-bottom: 1px solid {c.hairline}; }}
QFrame[part="line"] {{ background: {c.hairline}; border: none; }}
"""


def _bars(t: Tokens) -> str:
    c = t.colours
    return f"""
QWidget[part="rail"] {{ background: {c.surface}; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {c.border}; border-radius: 3px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 48px; }}
QScrollBar::handle:horizontal {{ min-width: 48px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""

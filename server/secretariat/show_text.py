# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of the scans of a folder, in lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from client.errors import Text
from server.secretariat.console import Options
from server.secretariat.text import KEPT, TextReport

_SAID: Final = {
    "done": Text("đã thêm lớp chữ, {words} từ", "text layer added, {words} words"),
    "would": Text("bản quét: sẽ thêm lớp chữ", "a scan: a text layer would be added"),
    "has_text": Text("đã có chữ, giữ nguyên", "has text, left as it is"),
    "signed": Text("có chữ ký số, giữ nguyên để chữ ký còn giá trị", "digitally signed, left as it is"),
    "no_words": Text(
        "bản quét: không có tệp .hocr bên cạnh và máy này không có tesseract tiếng Việt, hoặc không nhận ra từ nào",
        "a scan: no .hocr beside it and no Vietnamese tesseract here, or no word was recognised",
    ),
    "failed": Text("không thêm được lớp chữ ({why})", "no text layer could be added ({why})"),
}


def lines(reports: Iterable[TextReport], options: Options) -> Iterator[str]:
    """One line a paper, and what is kept."""
    done = 0
    for one in reports:
        done += one.outcome == "done"
        said = _SAID[one.outcome]
        yield f"{one.file}: {options.say(said.vi, said.en).format(words=one.words, why=one.why)}"
    if done:
        yield options.say(
            f"Bản quét gốc giữ ở tệp {KEPT} bên cạnh, không phát hành. Chữ nhận dạng có thể sai: xin đọc lại.",
            f"The scans as they came are kept beside as {KEPT}, never published. Recognised text may be wrong.",
        )

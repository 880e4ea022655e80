# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates, sizes and deadlines as Government papers write them.

Times are shown in Việt Nam time (UTC+7, no summer time) wherever the machine stands, because deadlines are.
Qt's long date form is not official style, hence formatters of our own (Decree 30/2020/NĐ-CP, Annex I: day
below 10 and months 1 and 2 with a leading zero).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

from client.clock import Clock, Millis, from_rfc3339
from client.ui.i18n import language, tr

VIETNAM: Final = timezone(timedelta(hours=7))
_MEBI: Final = 1024 * 1024
_DAYS_VI: Final = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_DAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local(moment: str | Millis) -> datetime:
    """Việt Nam time of an RFC 3339 moment or of UTC milliseconds."""
    millis = from_rfc3339(moment) if isinstance(moment, str) else moment
    return datetime.fromtimestamp(millis / 1000, VIETNAM)


def weekday(day: date) -> str:
    """``Thứ Năm``."""
    return (_DAYS_EN if language() == "en" else _DAYS_VI)[day.weekday()]


def long_moment(moment: str | Millis) -> str:
    """``Thứ Năm, ngày 26/11/2026, 08:00``."""
    at = local(moment)
    return tr("{weekday}, ngày {day}, {time}").format(weekday=weekday(at), day=short_day(at), time=clock_time(at))


def deadline_moment(moment: str | Millis) -> str:
    """``17:00, Thứ Sáu, 27/11/2026``."""
    at = local(moment)
    return f"{clock_time(at)}, {weekday(at)}, {short_day(at)}"


def short_moment(moment: str | Millis) -> str:
    """``17:00 27/11``."""
    at = local(moment)
    return f"{clock_time(at)} {at:%d/%m}"


def exact_moment(moment: str | Millis) -> str:
    """``09:14:07, 26/11/2026``."""
    at = local(moment)
    return f"{at:%H:%M:%S}, {short_day(at)}"


def exact_time(moment: str | Millis) -> str:
    """``09:14:07``."""
    return f"{local(moment):%H:%M:%S}"


def file_stamp(moment: str | Millis) -> str:
    """A time as part of a file's name: ``20261127-0832``."""
    return local(moment).strftime("%Y%m%d-%H%M")


def clock_time(at: datetime) -> str:
    """``08:00``, 24 hours, leading zeros."""
    return f"{at:%H:%M}"


def short_day(at: date) -> str:
    """``26/11/2026``."""
    return f"{at:%d/%m/%Y}"


def official_day(at: date) -> str:
    """``ngày 05 tháng 02 năm 2026``, ``ngày 12 tháng 3 năm 2026``: zeros as Decree 30/2020/NĐ-CP asks."""
    month = f"{at.month:02d}" if at.month <= 2 else str(at.month)
    return tr("ngày {day} tháng {month} năm {year}").format(day=f"{at.day:02d}", month=month, year=at.year)


def month_name(first: date) -> str:
    """``Tháng 11 năm 2026``."""
    return tr("Tháng {month} năm {year}").format(month=first.month, year=first.year)


def sync_moment(moment: str | Millis, now: Millis) -> str:
    """``07:42`` today, ``07:42 25/11`` otherwise."""
    at = local(moment)
    return clock_time(at) if at.date() == local(now).date() else short_moment(moment)


def number(value: float, decimals: int = 0) -> str:
    """``1.234,5`` in Vietnamese, ``1,234.5`` in English."""
    text = f"{value:,.{decimals}f}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def size(count: int) -> str:
    """``11,77 MB``; below one tenth of a MB in kB, above 1,024 MB in GB (1 MB = 1,048,576 bytes)."""
    if count < _MEBI // 10:
        return f"{number(-(-count // 1024))} kB"
    if count < 1024 * _MEBI:
        return f"{number(count / _MEBI, 2)} MB"
    return f"{number(count / 1024 / _MEBI, 2)} GB"


def until(deadline: str | Millis, clock: Clock) -> str:
    """``còn 1 ngày 9 giờ``, ``còn 42 phút``, ``còn 00:48``, or ``đã quá hạn``."""
    millis = from_rfc3339(deadline) if isinstance(deadline, str) else deadline
    return span_left((millis - clock.now()) // 1000)


def span_left(seconds: int) -> str:
    """The same for a number of seconds; zero and less is past."""
    if seconds <= 0:
        return tr("đã quá hạn")
    minutes, rest = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return tr("còn {d} ngày {h} giờ").format(d=days, h=hour) if hour else tr("còn {d} ngày").format(d=days)
    if hours:
        return tr("còn {h} giờ {m} phút").format(h=hour, m=minute) if minute else tr("còn {h} giờ").format(h=hour)
    if minutes >= 10:
        return tr("còn {m} phút").format(m=minutes)
    return tr("còn {clock}").format(clock=f"{minutes:02d}:{rest:02d}")


def countdown(seconds: float) -> str:
    """``00:40``; hours only when there are any."""
    whole = max(0, -int(-seconds // 1))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}:{second:02d}" if hours else f"{minutes:02d}:{second:02d}"

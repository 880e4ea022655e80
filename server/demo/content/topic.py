# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shape of a topic: the invented vocabulary of one agenda item.

Decides: which slots sentence patterns may use. Refuses: sentences; those are in ``phrases``.
Every phrase starts in lower case and carries no full stop, so that it fits inside a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Vocabulary of one policy field; all of it invented."""

    key: str
    field: str
    """The field as it appears in titles ("quản lý, kết nối và chia sẻ dữ liệu")."""
    agency: str
    mark: str
    """Abbreviation of the agency in document numbers."""
    things: tuple[str, ...]
    """What is governed (nouns)."""
    acts: tuple[str, ...]
    """What is done (verb phrases)."""
    aims: tuple[str, ...]
    """To what end (verb phrases)."""
    troubles: tuple[str, ...]
    """What goes wrong (clauses)."""
    causes: tuple[str, ...]
    """Why (clauses)."""
    terms: tuple[tuple[str, str], ...]
    """Defined terms and their meaning."""
    chapters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Chapter titles of the draft with their article titles."""
    measures: tuple[tuple[str, str], ...] = ()
    """Indicators for tables: name and unit."""


MINISTRIES = (
    "Bộ Quốc phòng",
    "Bộ Công an",
    "Bộ Ngoại giao",
    "Bộ Nội vụ",
    "Bộ Tư pháp",
    "Bộ Tài chính",
    "Bộ Công Thương",
    "Bộ Nông nghiệp và Môi trường",
    "Bộ Xây dựng",
    "Bộ Văn hóa, Thể thao và Du lịch",
    "Bộ Khoa học và Công nghệ",
    "Bộ Giáo dục và Đào tạo",
    "Bộ Y tế",
    "Bộ Dân tộc và Tôn giáo",
    "Ngân hàng Nhà nước Việt Nam",
    "Thanh tra Chính phủ",
    "Văn phòng Chính phủ",
)
"""Ministries and ministry-level agencies since March 2025."""

PROVINCES = (
    "thành phố Hà Nội",
    "thành phố Hải Phòng",
    "thành phố Huế",
    "thành phố Đà Nẵng",
    "thành phố Cần Thơ",
    "Thành phố Hồ Chí Minh",
    "tỉnh Quảng Ninh",
    "tỉnh Lạng Sơn",
    "tỉnh Cao Bằng",
    "tỉnh Điện Biên",
    "tỉnh Lai Châu",
    "tỉnh Sơn La",
    "tỉnh Thanh Hóa",
    "tỉnh Nghệ An",
    "tỉnh Hà Tĩnh",
    "tỉnh Tuyên Quang",
    "tỉnh Lào Cai",
    "tỉnh Thái Nguyên",
    "tỉnh Phú Thọ",
    "tỉnh Bắc Ninh",
    "tỉnh Hưng Yên",
    "tỉnh Ninh Bình",
    "tỉnh Quảng Trị",
    "tỉnh Quảng Ngãi",
    "tỉnh Gia Lai",
    "tỉnh Khánh Hòa",
    "tỉnh Lâm Đồng",
    "tỉnh Đắk Lắk",
    "tỉnh Đồng Nai",
    "tỉnh Tây Ninh",
    "tỉnh Vĩnh Long",
    "tỉnh Đồng Tháp",
    "tỉnh Cà Mau",
    "tỉnh An Giang",
)
"""The 34 provinces and cities since July 2025."""

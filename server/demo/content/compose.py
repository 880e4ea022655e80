# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fills sentence patterns with a topic's vocabulary.

Decides: which sentence comes next. Refuses: layout and document form.

Rules:
1. The same topic and seed always give the same text (``random.Random`` seeded with a string).
2. A pattern is not used again before every pattern of its list has been, and no sentence appears twice in a paper
   while a fresh one can be drawn.
3. Text is NFC and numbers are written the Vietnamese way (1.234,5).
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence

from server.demo.content import phrases
from server.demo.content.topic import MINISTRIES, PROVINCES, Topic

_TRIES = 12
_STUTTER = re.compile(r"\b(bảo đảm) bảo đảm\b", re.IGNORECASE)
"""A pattern and its filling may both begin with the same verb."""


def number(value: float, digits: int = 0) -> str:
    """A number the Vietnamese way: ``1234.5`` becomes ``1.234,5``."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def capital(text: str) -> str:
    """The text with its first letter upper case."""
    return text[:1].upper() + text[1:]


class Composer:
    """Writes the sentences of one paper.

    Args:
        topic: Vocabulary.
        seed: Name of the paper; decides every choice.
    """

    def __init__(self, topic: Topic, seed: str) -> None:
        self.topic = topic
        self.chance = random.Random(f"{topic.key}/{seed}")  # noqa: S311 - invented prose, not a secret
        self._queues: dict[int, list[str]] = {}
        self._decks: dict[str, list[str]] = {}
        self._said: set[str] = set()

    def draw(self, deck: str, stock: Sequence[str]) -> str:
        """The next phrase of a shuffled stock; reshuffled when empty."""
        left = self._decks.get(deck)
        if not left:
            left = self._decks[deck] = self.chance.sample(list(stock), len(stock))
        return left.pop()

    def sentence(self, patterns: Sequence[str]) -> str:
        """One sentence from the patterns, filled."""
        text = ""
        for _ in range(_TRIES):
            queue = self._queues.get(id(patterns))
            if not queue:
                queue = self._queues[id(patterns)] = self.chance.sample(list(patterns), len(patterns))
            text = self._fill(queue.pop())
            if text not in self._said:
                break
        self._said.add(text)
        return text

    def paragraph(self, patterns: Sequence[str], sentences: int = 3) -> str:
        """Several sentences."""
        return " ".join(self.sentence(patterns) for _ in range(sentences))

    def article(self, title: str, *, clauses: int) -> list[tuple[str, str]]:
        """Clauses and points of an article as ("clause" | "point", text) pairs, numbered."""
        parts: list[tuple[str, str]] = []
        if title == "Giải thích từ ngữ":
            parts.append(("plain", "Trong văn bản này, các từ ngữ dưới đây được hiểu như sau:"))
            for index, (term, meaning) in enumerate(self.topic.terms, 1):
                parts.append(("clause", f"{index}. {term} {meaning}."))
            return parts
        if title in phrases.FIXED:
            return [
                ("clause", f"{index}. {self._fill(pattern)}") for index, pattern in enumerate(phrases.FIXED[title], 1)
            ]
        for index in range(1, clauses + 1):
            if index > 1 and self.chance.random() < 0.3:
                parts.append(("clause", f"{index}. {self.sentence(phrases.LEAD)}"))
                count = self.chance.randint(3, 5)
                for place, letter in enumerate("abcdđ"[:count], 1):
                    text = self.sentence(phrases.POINT)
                    parts.append(("point", f"{letter}) {text[:-1] + '.' if place == count else text}"))
            else:
                parts.append(("clause", f"{index}. {self.sentence(phrases.CLAUSE)}"))
        return parts

    def _fill(self, pattern: str) -> str:
        topic, chance = self.topic, self.chance
        act, thing = self.draw("act", topic.acts), self.draw("thing", topic.things)
        body, body2 = chance.sample(MINISTRIES, 2)
        place, place2 = chance.sample(PROVINCES, 2)
        trouble, trouble2 = chance.sample(topic.troubles, 2)
        filled = pattern.format(
            field=topic.field,
            thing=thing,
            thing_cap=capital(thing),
            act=act,
            act_cap=capital(act),
            aim=self.draw("aim", topic.aims),
            trouble=trouble,
            trouble2=trouble2,
            cause=self.draw("cause", topic.causes),
            body=body,
            body2=body2,
            place=place,
            place2=place2,
            n=f"{chance.randint(3, 15):02d}",
            big=number(chance.randint(60, 4200)),
            r=number(chance.uniform(0.3, 4.8), 1),
            p=number(chance.uniform(18, 96), 1),
            q=number(chance.uniform(3, 28), 1),
            money=number(chance.randint(120, 9800)),
            days=chance.choice(("10", "15", "20", "30", "45")),
            months=chance.choice(("06", "12", "18", "24")),
            article=chance.randint(4, 24),
        )
        return unicodedata.normalize("NFC", capital(_STUTTER.sub(r"\1", filled)))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls of a pack: the signed half the service can run, and the sealed half only members can read.

Rules: an unchanged poll keeps id, definition and salt over all revisions; a changed one gets a new id, and only
as long as the old one has not opened; the wording is bound to the definition by salted hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import Struct, structs

from client.clock import from_rfc3339
from client.crypto import dsse, hashing
from client.domain.ballot import BallotKind, Choice, OpenIssue, PageLink
from client.domain.ids import Hash, ItemId, Moment, PackId, PaperId, PollId, QuestionId, RuleSetId
from client.domain.session import Session
from client.protocol import codec, names
from client.protocol.messages import PollDefinition, PollQuestion, PollWording
from server.secretariat import members, rules
from server.secretariat.core import DeskCore
from server.secretariat.desk_file import random_id
from server.secretariat.findings import Finding, finding
from server.secretariat.model import PollRecord
from server.secretariat.session_file import FILE_NAME, OptionEntry, PollEntry, SessionFile, moment

SALT_SIZE = 16
_DAY_MS = 86_400_000


class _Spec(Struct, frozen=True):
    """What makes a poll the same poll; hashed."""

    pack: PackId
    item: ItemId | None
    rules: RuleSetId
    entry: PollEntry


@dataclass(frozen=True, slots=True)
class Ballots:
    """The polls of one revision; ``new`` must be sent."""

    records: tuple[PollRecord, ...]
    new: frozenset[PollId]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Renewal:
    """How open ballots are asked anew about changed papers.

    Attributes:
        closes: The new deadline; None keeps the one that stood.
        short_notice: Why it leaves less time than the rules give; without it such a ballot is refused.
    """

    closes: Moment | None = None
    short_notice: str = ""


def definition_of(record: PollRecord) -> PollDefinition:
    """The definition inside a record this desk made itself."""
    payload, _ = dsse.peek_unverified(record.envelope, limit=codec.MAX_POLL * 2)
    return codec.decode(payload, PollDefinition, limit=codec.MAX_POLL)


def is_open(definition: PollDefinition, now: Moment) -> bool:
    """Whether an opinion ballot has opened by itself and not reached its deadline."""
    if definition.kind is not BallotKind.OPINION or definition.opens > now:
        return False
    return definition.closes is None or definition.closes > now


def build(
    core: DeskCore,
    file: SessionFile,
    session: Session,
    pack: PackId,
    *,
    known: tuple[PollRecord, ...],
    files: Mapping[str, PaperId],
) -> Ballots:
    """The polls ``session.toml`` asks for.

    Args:
        core: The desk: members, key, clock.
        file: What the folder said.
        session: The session with its item ids.
        pack: The pack they belong to.
        known: Polls of the revision before.
        files: The papers by their file in the folder.
    """
    records: list[PollRecord] = []
    new: set[PollId] = set()
    findings: list[Finding] = []
    by_spec = {record.spec: record for record in known}
    for number, entry in enumerate(file.polls, 1):
        item = session.agenda[entry.item - 1] if entry.item else None
        stated = entry.rules or file.rules
        idents = (stated,) if stated else (rules.DEFAULT, *rules.FORMER)
        specs = [
            Hash(hashing.sha256(codec.encode(_Spec(pack, item.id if item else None, ident, entry)))) for ident in idents
        ]
        ident, spec = idents[0], specs[0]
        kept = next((by_spec.pop(each) for each in specs if each in by_spec), None)
        if kept is not None:
            records.append(kept)
            continue
        place = _Place(number, session, pack, ident, spec, files)
        made = _make(core, place, entry)
        if isinstance(made, Finding):
            findings.append(made)
            continue
        if entry.short_notice and (short := _hours_short(core, place, entry)):
            findings.append(finding("poll.short_notice", FILE_NAME, why=entry.short_notice, **short))
        records.append(made)
        new.add(made.id)
    findings += _replaced(core, by_spec, known)
    return Ballots(tuple(records), frozenset(new), tuple(findings))


def renew(core: DeskCore, known: tuple[PollRecord, ...], frozen: frozenset[PollId], renewal: Renewal) -> Ballots:
    """The ballots ``frozen`` asked anew, open from now, and the others as they are: for papers that changed."""
    records: list[PollRecord] = []
    findings: list[Finding] = []
    for number, record in enumerate(known, 1):
        if record.id not in frozen:
            records.append(record)
            continue
        made = _asked_anew(core, record, renewal.closes)
        records.append(made)
        definition = definition_of(made)
        if definition.closes is not None and definition.closes <= core.now():
            findings.append(finding("poll.closed_before", FILE_NAME, number=number))
        elif short := _short(number, definition.rules, definition.opens, definition.closes):
            code, why = ("poll.short_notice", renewal.short_notice) if renewal.short_notice else ("poll.short", "")
            findings.append(finding(code, FILE_NAME, why=why, **short))
    return Ballots(
        tuple(records), frozenset(each.id for each in records) - {each.id for each in known}, tuple(findings)
    )


def _asked_anew(core: DeskCore, record: PollRecord, closes: Moment | None) -> PollRecord:
    """The same questions to the same members under a new id."""
    known = definition_of(record)
    salt = core.rng(SALT_SIZE)
    definition = structs.replace(
        known,
        poll=PollId(random_id("po", core.rng)),
        opens=core.now(),
        closes=closes or known.closes,
        questions=tuple(
            structs.replace(question, text=names.wording_hash(salt, question.id, record.wording.text[question.id]))
            for question in known.questions
        ),
    )
    payload = codec.encode(definition)
    wording = structs.replace(record.wording, id=definition.poll, definition=Hash(hashing.sha256(payload)), salt=salt)
    envelope = dsse.sign(payload, keyid=core.publisher.keyid, key=core.publisher.key)
    return PollRecord(definition.poll, record.spec, envelope, wording)


def _replaced(core: DeskCore, left: dict[Hash, PollRecord], known: tuple[PollRecord, ...]) -> list[Finding]:
    now = core.now()
    return [
        finding("poll.changed", FILE_NAME, number=number)
        for number, record in enumerate(known, 1)
        if record.spec in left and is_open(definition_of(record), now)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a poll stands: its number in the file, counted from 1, its session, pack, rules and papers by file."""

    number: int
    session: Session
    pack: PackId
    rules: RuleSetId
    spec: Hash
    files: Mapping[str, PaperId]


def _make(core: DeskCore, place: _Place, entry: PollEntry) -> PollRecord | Finding:
    number, session = place.number, place.session
    rule_set = rules.PRESETS.get(place.rules)
    if rule_set is None:
        return finding("toml.value", FILE_NAME, why=f"polls[{number}].rules: {place.rules}")
    eligible = members.voters(core.state, entry.group)
    if not eligible:
        return finding("poll.no_members", FILE_NAME, number=number)
    closes = moment(entry.closes) if entry.closes else None
    if (hasty := _hasty(core, place, entry)) is not None:
        return hasty
    choices = _choices(entry, rule_set.choices, number)
    if isinstance(choices, Finding):
        return choices
    issues = _issues(place, entry)
    if isinstance(issues, Finding):
        return issues
    salt = core.rng(SALT_SIZE)
    texts = {QuestionId(f"q{at}"): question.text for at, question in enumerate(entry.questions, 1)}
    item = session.agenda[entry.item - 1] if entry.item else None
    definition = PollDefinition(
        poll=PollId(random_id("po", core.rng)),
        kind=entry.kind,
        pack=place.pack,
        item=item.id if item else None,
        questions=tuple(
            PollQuestion(ident, names.wording_hash(salt, ident, text), offered)
            for (ident, text), offered in zip(texts.items(), choices, strict=True)
        ),
        eligible=eligible,
        opens=_opens(core, entry, session),
        closes=closes,
        openers=members.openers(core.state, rule_set),
        tie_breaker=members.tie_breaker(core.state, rule_set, eligible, chair=item.chair if item else None),
        revote=rule_set.revote,
        late=entry.late or rule_set.late,
        rules=place.rules,
    )
    payload = codec.encode(definition)
    wording = PollWording(
        id=definition.poll,
        definition=Hash(hashing.sha256(payload)),
        salt=salt,
        title=entry.title or (item.title if item else session.title),
        summary=entry.summary,
        text=texts,
        issues=issues,
    )
    envelope = dsse.sign(payload, keyid=core.publisher.keyid, key=core.publisher.key)
    return PollRecord(definition.poll, place.spec, envelope, wording)


def _issues(place: _Place, entry: PollEntry) -> tuple[OpenIssue, ...] | Finding:
    found = []
    for at, issue in enumerate(entry.open_issues, 1):
        options = [OptionEntry(text=one) if isinstance(one, str) else one for one in issue.options]
        for link in issue.pages:
            if link.file not in place.files:
                where = f"polls[{place.number}].open_issues[{at}].pages: {link.file}"
                return finding("toml.value", FILE_NAME, why=where)
        found.append(
            OpenIssue(
                issue.text,
                tuple(option.text for option in options),
                tuple(option.held_by for option in options),
                tuple(PageLink(place.files[link.file], link.page - 1) for link in issue.pages),
            )
        )
    return tuple(found)


def _hasty(core: DeskCore, place: _Place, entry: PollEntry) -> Finding | None:
    """A deadline that is past, or nearer than the rules allow with no reason given."""
    if entry.closes is not None and moment(entry.closes) <= core.now():
        return finding("poll.closed_before", FILE_NAME, number=place.number)
    if not entry.short_notice and (short := _hours_short(core, place, entry)):
        return finding("poll.short", FILE_NAME, **short)
    return None


def _hours_short(core: DeskCore, place: _Place, entry: PollEntry) -> dict[str, int] | None:
    """As ``_short``, of what ``session.toml`` asks for; a session vote has no such term."""
    if entry.kind is not BallotKind.OPINION or entry.closes is None:
        return None
    return _short(place.number, place.rules, _opens(core, entry, place.session), moment(entry.closes))


def _short(number: int, ident: RuleSetId, opens: Moment, closes: Moment | None) -> dict[str, int] | None:
    """Number, hours left and days due of an opinion ballot that leaves less time than its rules give; else None."""
    rule_set = rules.PRESETS.get(ident)
    if rule_set is None or closes is None:
        return None
    left_ms = from_rfc3339(closes) - from_rfc3339(opens)
    days = rule_set.run.opinion_days
    return {"number": number, "hours": left_ms // 3_600_000, "days": days} if left_ms < days * _DAY_MS else None


def _opens(core: DeskCore, entry: PollEntry, session: Session) -> Moment:
    """As stated; else an opinion ballot opens now, a session vote may open from the session's start."""
    if entry.opens is not None:
        return moment(entry.opens)
    return core.now() if entry.kind is BallotKind.OPINION else session.starts


def _choices(entry: PollEntry, offered: tuple[Choice, ...], number: int) -> list[tuple[Choice, ...]] | Finding:
    by_code = {choice.code: choice for choice in offered}
    found: list[tuple[Choice, ...]] = []
    for at, question in enumerate(entry.questions, 1):
        codes = question.choices or tuple(by_code)
        if not set(codes) <= by_code.keys() or len(set(codes)) != len(codes) or len(codes) < 2:  # noqa: PLR2004
            return finding("toml.value", FILE_NAME, why=f"polls[{number}].questions[{at}].choices")
        found.append(tuple(by_code[code] for code in codes))
    return found

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan: its numbered rules one by one, properties over any two views, and that following it ends."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from client.domain.ballot import PollState
from client.domain.ids import DeviceId, Hash, PackId, PaperId, PollId
from client.domain.outbox import OtherVote, OutboxItem, OutboxState
from client.domain.pack import PackRevision, PackState, may_move
from client.domain.paper import PaperVersion, SecrecyLevel
from client.sync import actions as a
from client.sync.actions import KnownPoll, Local, Remote, RemotePack
from client.sync.planner import newest_of, plan, wanted
from tests.unit.sync.samples import NOW, PACK, POLL, act, digest, later, paper, session

ONE, TWO, THREE = paper("do_0001"), paper("do_0002"), paper("do_0003")
OPEN = {PackState.MANIFEST_OK, PackState.FETCHING, PackState.READY}


def fetch(rev: int, wanted_one: PaperVersion) -> a.FetchPaper:
    assert wanted_one.blob is not None
    return a.FetchPaper(PACK, rev, wanted_one.id, wanted_one.blob)


def listed(rev: int, pack: PackId = PACK, epoch: int = 1) -> RemotePack:
    return RemotePack(pack, rev, pack, epoch)


def revision(rev: int, state: PackState, *papers: object, pack: PackId = PACK, starts: float = 3600) -> PackRevision:
    known = PackRevision(pack=pack, rev=rev, state=state)
    if state in OPEN | {PackState.SUPERSEDED, PackState.EXPIRED}:
        known = structs.replace(
            known,
            papers=papers,
            session=session(*(each.id for each in papers), starts=later(starts)),  # type: ignore[attr-defined]
            read_until=later(7200),
        )
    return known


def blobs(*papers: object) -> frozenset[Hash]:
    return frozenset(each.blob for each in papers)  # type: ignore[attr-defined]


# -- the outbox ----------------------------------------------------------------------------------------------------


def test_rule_1_an_inactive_device_only_suspends() -> None:
    local = Local(NOW, active=False, outbox=(act(1),), packs=(revision(1, PackState.KEYED),))
    assert plan(local, Remote((listed(2),))) == (a.SuspendOutbox(),)
    assert plan(replace(local, outbox=(act(1, state=OutboxState.SUSPENDED),)), Remote()) == ()


def test_rule_1_back_in_favour_it_resumes() -> None:
    local = Local(NOW, outbox=(act(1, state=OutboxState.SUSPENDED), act(2, subject="po_0002")))
    assert plan(local, Remote()) == (a.ResumeOutbox(), a.SendStatement(2, "po_0002"))


def test_rule_12_what_is_shared_waits_for_nobody_but_the_ballots() -> None:
    local = Local(NOW, shared=True, others=True, packs=(revision(1, PackState.MANIFEST_OK, paper(1)),))
    kinds = [type(each) for each in plan(local, Remote((listed(1),)))]
    assert kinds[:2] == [a.ExchangeNotes, a.ExchangeShared], "before any paper is fetched"
    assert plan(replace(local, active=False), Remote((listed(1),))) == ()


def test_rule_2_acts_go_out_by_number_and_wait_for_those_before_them() -> None:
    items = (act(4), act(1, subject="pk_1"), act(2), act(3, subject="pk_1", state=OutboxState.RECEIPTED))
    assert plan(Local(NOW, outbox=items), Remote()) == (a.SendStatement(1, "pk_1"), a.SendStatement(2, POLL))


def test_rule_2_a_conflict_does_not_hold_up_the_vote_cast_after_seeing_it() -> None:
    items = (act(1, state=OutboxState.CONFLICT), act(2))
    assert plan(Local(NOW, outbox=items), Remote()) == (a.SendStatement(2, POLL),)


def test_rule_2_the_other_vote_of_a_conflict_is_asked_for_until_it_is_here() -> None:
    met = structs.replace(act(1, state=OutboxState.CONFLICT), other=OtherVote(digest("x"), DeviceId("d_0002"), NOW))
    assert plan(Local(NOW, outbox=(met,)), Remote()) == (a.AskOther(1, POLL),)
    here = structs.replace(met, other=structs.replace(met.other, made=NOW))
    assert plan(Local(NOW, outbox=(here,)), Remote()) == ()


def test_rule_10_bulletins_are_asked_for_where_there_is_a_pack() -> None:
    assert plan(Local(NOW, published=True), Remote()) == (a.FetchBulletins(),)
    assert plan(Local(NOW, active=False, published=True), Remote()) == ()


@given(st.lists(st.tuples(st.sampled_from(["po_1", "po_2", "po_3"]), st.sampled_from(OutboxState)), max_size=8))
def test_rule_2_holds_for_any_outbox(shape: list[tuple[str, OutboxState]]) -> None:
    items = tuple(act(n, subject=subject, state=state) for n, (subject, state) in enumerate(shape, 1))
    sent = [step for step in plan(Local(NOW, outbox=items), Remote()) if isinstance(step, a.SendStatement)]
    assert [step.n for step in sent] == sorted(step.n for step in sent)
    assert len({step.subject for step in sent}) == len(sent), "one act of a subject at a time"
    by_number = {item.n: item for item in items}
    for step in sent:
        assert by_number[step.n].state is OutboxState.QUEUED
        waits = {OutboxState.QUEUED, OutboxState.SUSPENDED}
        assert not any(i.subject == step.subject and i.n < step.n and i.state in waits for i in items)


# -- packs ---------------------------------------------------------------------------------------------------------


def test_rule_3_one_step_at_a_time_and_only_for_the_newest() -> None:
    remote = Remote((listed(1), listed(3), listed(2)))
    assert plan(Local(NOW), remote) == (a.NotePack(PACK, 3),)
    known = Local(NOW, packs=(revision(3, PackState.KNOWN),))
    assert plan(known, remote) == (a.FetchKey(PACK, 3, PACK, 1),)
    keyed = Local(NOW, packs=(revision(3, PackState.KEYED),), keys=frozenset({(PACK, 1)}))
    assert plan(keyed, remote) == (a.OpenManifest(PACK, 3),)
    assert plan(replace(keyed, keys=frozenset()), remote) == (a.FetchKey(PACK, 3, PACK, 1),), "the key was lost"
    opened = Local(NOW, packs=(revision(3, PackState.MANIFEST_OK, ONE, TWO),), present=blobs(ONE))
    assert plan(opened, remote) == (fetch(3, TWO), a.ReadyPack(PACK, 3))


def test_rule_4_ballots_come_before_papers() -> None:
    other = PackId("pk_0002")
    local = Local(
        NOW,
        packs=(revision(1, PackState.MANIFEST_OK, ONE), revision(1, PackState.KNOWN, pack=other)),
        polls=(KnownPoll(POLL, PACK, 1), KnownPoll(PollId("po_0002"), PACK, 1, PollState.CLOSED)),
        outbox=(act(1),),
    )
    steps = plan(local, Remote((listed(1), listed(1, other))))
    kinds = [type(step) for step in steps]
    first_paper = kinds.index(a.FetchPaper)
    assert max(kinds.index(a.SendStatement), kinds.index(a.FetchKey), kinds.index(a.RefreshPoll)) < first_paper
    assert kinds.index(a.CheckClosing) < first_paper


def test_judged_polls_are_left_alone() -> None:
    polls = tuple(KnownPoll(POLL, PACK, 1, state) for state in (PollState.RESULT_VERIFIED, PollState.RESULT_DISPUTED))
    assert plan(Local(NOW, polls=polls), Remote()) == ()


def test_rule_5_the_next_session_first_then_the_agenda() -> None:
    past, soon, far = PackId("pk_past"), PackId("pk_soon"), PackId("pk_far1")
    local = Local(
        NOW,
        packs=(
            revision(1, PackState.FETCHING, ONE, pack=past, starts=-60),
            revision(1, PackState.FETCHING, TWO, pack=far, starts=9000),
            revision(1, PackState.FETCHING, THREE, pack=soon, starts=60),
        ),
    )
    steps = plan(local, Remote(tuple(listed(1, pack) for pack in (past, soon, far))))
    assert [step.pack for step in steps if isinstance(step, a.FetchPaper)] == [soon, far, past]


def test_papers_come_in_the_order_of_the_agenda_each_blob_once() -> None:
    same = structs.replace(THREE, blob=ONE.blob)
    stub = structs.replace(paper("do_0009"), secrecy=SecrecyLevel.SECRET, blob=None)
    known = structs.replace(
        revision(1, PackState.FETCHING, ONE, TWO, same, stub), session=session(TWO.id, "do_0404", ONE.id)
    )
    assert [each.id for each in wanted(known)] == [TWO.id, ONE.id]


def test_rule_6_a_blocked_revision_is_left_alone() -> None:
    assert plan(Local(NOW, packs=(revision(2, PackState.BLOCKED),)), Remote((listed(2),))) == ()


def test_rule_7_the_overtaken_retire_and_the_readable_stays() -> None:
    local = Local(
        NOW,
        packs=(
            revision(1, PackState.READY, ONE),
            revision(2, PackState.FETCHING, TWO),
            revision(3, PackState.MANIFEST_OK, ONE),
        ),
        present=blobs(ONE),
    )
    assert plan(local, Remote((listed(3),))) == (a.ReadyPack(PACK, 3), a.RetirePack(PACK, 2))


def test_rule_8_what_is_here_is_not_fetched() -> None:
    local = Local(NOW, packs=(revision(1, PackState.READY, ONE, TWO),), present=blobs(ONE, TWO))
    assert plan(local, Remote((listed(1),))) == ()


def test_rule_5_what_the_member_opened_comes_first_and_what_is_held_not_at_all() -> None:
    soon = revision(1, PackState.MANIFEST_OK, ONE, TWO, pack=PackId("pk_soon"), starts=60)
    late = revision(1, PackState.MANIFEST_OK, THREE, pack=PackId("pk_late"), starts=3600)
    remote = Remote((listed(1, pack=soon.pack), listed(1, pack=late.pack)))

    def fetched(**choices: object) -> list[PaperId]:
        steps = plan(Local(NOW, packs=(late, soon), **choices), remote)  # type: ignore[arg-type]
        return [step.paper for step in steps if isinstance(step, a.FetchPaper)]

    assert fetched() == [ONE.id, TWO.id, THREE.id]
    assert fetched(first=(late.pack, None)) == [THREE.id, ONE.id, TWO.id]
    assert fetched(first=(soon.pack, TWO.id)) == [TWO.id, ONE.id, THREE.id]
    assert fetched(held=frozenset({soon.pack})) == [THREE.id]
    assert fetched(held=frozenset({soon.pack, late.pack})) == []


def test_rule_8_a_pack_that_lost_one_paper_stays_readable() -> None:
    local = Local(NOW, packs=(revision(1, PackState.READY, ONE, TWO),), present=blobs(ONE))
    assert plan(local, Remote((listed(1),))) == (fetch(1, TWO),)
    steps = plan(replace(local, present=frozenset()), Remote((listed(1),)))
    assert steps[0] == a.RefetchPack(PACK, 1)
    assert steps[-1] == a.ReadyPack(PACK, 1)


def test_rule_9_the_end_of_reading_time() -> None:
    states = (PackState.SUPERSEDED, PackState.FETCHING, PackState.READY)
    packs = tuple(revision(rev, state, ONE) for rev, state in enumerate(states, 1))
    late = Local(later(7200), packs=packs, present=blobs(ONE))
    assert plan(late, Remote()) == (a.ShredPack(PACK, 1), a.RetirePack(PACK, 2), a.ExpirePack(PACK, 3))
    assert plan(Local(later(7199), packs=(packs[0], packs[2]), present=blobs(ONE)), Remote()) == ()


def test_rule_9_an_unsure_clock_takes_nothing_away() -> None:
    packs = (revision(1, PackState.SUPERSEDED, ONE), revision(2, PackState.READY, ONE))
    ten_years = Local(later(10 * 365 * 86400), packs=packs, present=blobs(ONE), sure=False)
    assert plan(ten_years, Remote()) == ()


def test_rule_11_what_is_recalled_is_erased_before_anything_is_fetched() -> None:
    gone = structs.replace(ONE, plain=None, blob=None, key=None, size=0, blob_size=0, recalled=NOW)
    packs = (revision(1, PackState.READY, ONE, TWO), revision(2, PackState.MANIFEST_OK, gone, TWO, THREE))
    local = Local(NOW, packs=packs, present=blobs(ONE, TWO))
    steps = plan(local, Remote((listed(2),)))
    assert steps == (a.RecallPapers(PACK, 2), fetch(2, THREE), a.ReadyPack(PACK, 2))
    stripped = replace(local, packs=(revision(1, PackState.READY, gone, TWO), packs[1]))
    assert a.RecallPapers(PACK, 2) not in plan(stripped, Remote((listed(2),)))
    known = replace(local, packs=(packs[0], revision(2, PackState.KEYED)))
    assert a.RecallPapers(PACK, 2) not in plan(known, Remote((listed(2),))), "not before the manifest verified"


# -- any two views -------------------------------------------------------------------------------------------------

papers = st.lists(st.sampled_from([ONE, TWO, THREE]), unique=True, max_size=3)
packs = st.sampled_from([PackId("pk_000a"), PackId("pk_000b")])


@st.composite
def views(draw: st.DrawFn) -> tuple[Local, Remote]:
    remote = draw(st.sets(st.tuples(packs, st.integers(1, 4)), max_size=5))
    known = draw(st.dictionaries(st.tuples(packs, st.integers(1, 4)), st.tuples(st.sampled_from(PackState), papers)))
    readable: set[PackId] = set()
    here: list[PackRevision] = []
    for (pack, rev), (state, held) in sorted(known.items(), reverse=True):
        if state is PackState.READY and pack in readable:
            continue  # the store keeps one readable revision of a pack
        if state is PackState.READY:
            readable.add(pack)
        here.append(revision(rev, state, *held, pack=pack, starts=draw(st.integers(-9000, 9000))))
    local = Local(
        now=later(draw(st.sampled_from([0, 9000]))),
        active=draw(st.booleans()),
        sure=draw(st.booleans()),
        packs=tuple(sorted(here, key=lambda each: (each.pack, each.rev))),
        keys=frozenset((pack, 1) for pack in draw(st.sets(packs))),
        present=blobs(*draw(papers)),
        outbox=tuple(act(n, state=draw(st.sampled_from(OutboxState))) for n in range(1, draw(st.integers(1, 4)))),
    )
    return local, Remote(tuple(listed(rev, pack) for pack, rev in sorted(remote)))


def apply(step: a.Action, local: Local) -> Local:  # noqa: C901, PLR0911 - one line for each kind of step
    """What the executor would have persisted."""

    def moved(pack: PackId, rev: int, state: PackState, **more: object) -> Local:
        known = next((each for each in local.packs if (each.pack, each.rev) == (pack, rev)), None)
        assert known is None or may_move(known.state, state), (known, state)
        new = structs.replace(known or PackRevision(pack, rev, state), state=state, **more)
        rest = [each for each in local.packs if (each.pack, each.rev) != (pack, rev)]
        if state is PackState.READY:
            over = {PackState.SUPERSEDED, PackState.EXPIRED, PackState.SHREDDED}
            rest = [
                structs.replace(each, state=PackState.SUPERSEDED)
                if each.pack == pack and each.rev < rev and each.state not in over
                else each
                for each in rest
            ]
        return replace(local, packs=tuple(sorted([*rest, new], key=lambda each: (each.pack, each.rev))))

    def items(old: OutboxState, new: OutboxState, n: int = 0) -> Local:
        def one(item: OutboxItem) -> OutboxItem:
            hit = item.state is old and n in {0, item.n}
            return structs.replace(item, state=new) if hit else item

        return replace(local, outbox=tuple(one(item) for item in local.outbox))

    match step:
        case a.SuspendOutbox():
            return items(OutboxState.QUEUED, OutboxState.SUSPENDED)
        case a.ResumeOutbox():
            return items(OutboxState.SUSPENDED, OutboxState.QUEUED)
        case a.SendStatement(n=n):
            return items(OutboxState.QUEUED, OutboxState.RECEIPTED, n)
        case a.NotePack(pack=pack, rev=rev):
            return moved(pack, rev, PackState.KNOWN)
        case a.FetchKey(pack=pack, rev=rev, scope=scope, epoch=epoch):
            keyed = replace(local, keys=local.keys | {(scope, epoch)})
            known = next(each for each in local.packs if (each.pack, each.rev) == (pack, rev))
            return (
                keyed
                if known.state is PackState.KEYED
                else replace(keyed, packs=moved(pack, rev, PackState.KEYED).packs)
            )
        case a.OpenManifest(pack=pack, rev=rev):
            return moved(pack, rev, PackState.MANIFEST_OK, papers=(ONE, TWO), read_until=later(7200))
        case a.FetchPaper(blob=blob):
            return replace(local, present=local.present | {blob})
        case a.ReadyPack(pack=pack, rev=rev):
            return moved(pack, rev, PackState.READY)
        case a.RefetchPack(pack=pack, rev=rev):
            return moved(pack, rev, PackState.FETCHING)
        case a.RetirePack(pack=pack, rev=rev):
            return moved(pack, rev, PackState.SUPERSEDED)
        case a.ExpirePack(pack=pack, rev=rev):
            return moved(pack, rev, PackState.EXPIRED)
        case a.ShredPack(pack=pack, rev=rev):
            return moved(pack, rev, PackState.SHREDDED, papers=(), read_until=None)
    raise AssertionError(step)


@given(views())
def test_the_same_views_give_the_same_plan_and_nothing_twice(view: tuple[Local, Remote]) -> None:
    steps = plan(*view)
    assert steps == plan(*view)
    assert len(set(steps)) == len(steps)


@given(views())
def test_only_the_newest_listed_revision_is_fetched_and_only_what_is_missing(view: tuple[Local, Remote]) -> None:
    local, remote = view
    newest = newest_of(remote.packs)
    for step in plan(local, remote):
        if isinstance(step, a.FetchPaper | a.FetchKey | a.OpenManifest | a.NotePack | a.ReadyPack):
            assert newest[step.pack].rev == step.rev
        if isinstance(step, a.FetchPaper):
            assert step.blob not in local.present


@given(views())
def test_following_the_plan_ends_and_every_arrow_exists(view: tuple[Local, Remote]) -> None:
    """The executor's loop with a service that never fails: it comes to rest with the newest ready everywhere."""
    local, remote = view
    for _ in range(40):
        steps = plan(local, remote)
        if not steps:
            break
        stretch = a.phase(steps[0])
        for step in steps:
            if a.phase(step) != stretch:
                break
            local = apply(step, local)
    assert plan(local, remote) == ()
    if not local.active:
        assert all(item.state is not OutboxState.QUEUED for item in local.outbox)
        return
    states = {(each.pack, each.rev): each.state for each in local.packs}
    for pack, entry in newest_of(remote.packs).items():
        fetched = {PackState.READY, PackState.SUPERSEDED, PackState.EXPIRED, PackState.SHREDDED, PackState.BLOCKED}
        ended = local.now >= later(7200)
        assert states[pack, entry.rev] in fetched | (OPEN if ended else set())

"""Random inspection years: a cycle of six organisations, from the first mark to the cycle's closing and beyond.

Who may do what, and what comes out, is known here a second time, written from the documents: a person who may not is
refused without a trace, and after each step what is stored is compared with what this module expects of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assessments import services
from assessments.chain import breaks
from assessments.grading import verdicts
from assessments.models import (
    Assessment,
    Ballot,
    BallotCode,
    BallotOption,
    BallotState,
    Channel,
    Consequence,
    Cycle,
    Draw,
    DrawMember,
    DrawRound,
    DrawState,
    Mark,
    MarkRevision,
    Notice,
    Objection,
    ObjectionState,
    Purpose,
    Ruling,
    RulingKind,
    Sheet,
    Snapshot,
    SnapshotRow,
    Step,
    Voters,
)
from assessments.publications import verify
from assessments.services import Refused, Typed, aftermath, ballots, draws, grading, objections, publishing
from orgs.permissions import posts
from orgs.roles import Role
from tests import factories as make

D = Decimal
BANDS = ((5, "五星", "90"), (4, "四星", "80"), (3, "三星", "70"), (2, "二星", "60"), (1, "一星", "0"))
ITEMS = (make.Asked("1-1", points="50"), make.Asked("1-2", points="50"))
TABLES = tuple(
    model._meta.db_table
    for model in (
        *(Assessment, Sheet, Mark, MarkRevision, Step, Ballot, BallotOption, BallotCode, Ruling, Cycle),
        *(Draw, DrawMember, DrawRound, Snapshot, SnapshotRow, Notice, Objection, Consequence),
    )
)
BEGIN = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
QUOTA, NOTICE_DAYS = D("0.2"), 10
NAMES = ("甲", "乙", "丙", "丁", "戊", "己")

DECIDERS = ("admin", "reviewer", "second_reviewer")
OTHERS = ("chair", "assessor", "auditor", "stranger", "county_admin", "superuser")
"""Who decides nothing: no draw, no ruling, no notice, no objection of somebody else's."""

WRITERS = {"self": ("chair",), "assess": ("assessor", "second_assessor"), "review": ("reviewer", "second_reviewer")}
STAGE_OF = {"self_scoring": "self", "assessing": "assess", "reviewing": "review"}


@dataclass
class Unit:
    """What the model knows of one organisation. `marks` is by stage: item -> (points, who), as they now stand."""

    assessment: Assessment
    state: str = "self_scoring"
    stages: int = 2
    marks: dict[str, dict[str, tuple[Decimal, str]]] = field(default_factory=dict)
    history: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    gate: Ballot | None = None
    codes: list[str] = field(default_factory=list)
    recheck: frozenset[str] | None = None
    contested: bool = False  # from the opening of a recheck until its objection is settled
    ready: frozenset[tuple[str, str]] = frozenset()  # (item, person) of marks made before the recheck

    @property
    def votes_run(self) -> bool:
        """Whether somebody can vote now: a withdrawn organisation's ballots stand still."""
        return self.gate is not None and self.gate.state == BallotState.OPEN and self.state != "withdrawn"

    @property
    def last(self) -> str:
        return "review" if self.stages == 3 else "assess"

    @property
    def points(self) -> Decimal | None:
        """The official points: those of the last completed stage."""
        done = {"self_scoring": None, "assessing": "self", "reviewing": "assess", "final": self.last}.get(self.state)
        return sum((points for points, _by in self.marks[done].values()), D(0)) if done else None


def band(points: Decimal) -> int:
    return next(rank for rank, _name, lower in BANDS if points >= D(lower))


HIGH = st.sampled_from(["50", "50", "45", "45", "40", "35", "25.5", "0"])
SOMEBODY = st.sampled_from(NAMES)
DECIDER = st.sampled_from(DECIDERS)
OUTSIDER = st.sampled_from(OTHERS)


class Years(RuleBasedStateMachine):
    cast: make.Cast
    cycle: Cycle
    people: dict[str, object]
    done: Counter[str] = Counter()
    """How often each thing was done, over all histories: a service that refuses everything would prove nothing."""

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.traveller = self.clock.start()
        found = {one.name: one for one in self.cycle.assessments.select_related("rubric", "kind", "cycle")}
        self.units = {name: Unit(found[name]) for name in NAMES}
        self.published: dict[int, tuple] = {}
        self.rows_of: dict[int, list] = {}
        self.touched: set[str] = set()
        self.notice: Notice | None = None
        self.closed = False
        self.complaints: dict[int, str] = {}  # objections that are not settled -> state
        self.draws: dict[int, str] = {}
        self.rulings: dict[int, bool] = {}  # rulings that stand -> whether they are confirmed
        self.changed = True

    def teardown(self):
        try:
            self.check_logs(self.units)
            self.check_published()
            assert all(verify(one) for one in Snapshot.objects.filter(cycle=self.cycle))
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    # --- How things are done ------------------------------------------------------------------------------------------

    def everything(self):
        """All that a refused action must leave alone (17)."""
        found = []
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608  # our own names
                found.append(cursor.fetchall())
        return found

    def who(self, name):
        """The person at their next request: nobody's account or post changes here, so their posts are read once."""
        posts(self.people[name])
        return copy(self.people[name])

    def attempt(self, what, act, *, forbidden=False):
        """Does something that may be refused; a refusal leaves no trace. Returns what came of it, None if refused.

        forbidden  whether it must be refused, whatever the state
        """
        self.traveller.shift(timedelta(seconds=1))
        before = self.everything() if forbidden else None
        try:
            with transaction.atomic():
                result = act()
        except Refused:
            if before is not None:
                assert self.everything() == before, what
            return None
        assert not forbidden, what
        self.done[what] += 1
        self.changed = True
        return result

    def moved(self, name):
        self.touched.add(name)
        unit = self.units[name]
        unit.assessment.refresh_from_db(fields=("state", "stages", "official_stage", "points", "band_rank"))
        return unit

    @property
    def running(self):
        """Whether a notice runs today."""
        return self.notice is not None and self.today <= self.notice.ends_on and not self.closed

    def now(self):
        return Cycle.objects.select_related("owner").get(pk=self.cycle.pk)

    # --- Marks and moves ----------------------------------------------------------------------------------------------

    @initialize(marks=st.lists(st.tuples(HIGH, HIGH), min_size=6, max_size=6), steps=st.sampled_from([0, 1, 2, 2, 2]))
    def begin(self, marks, steps):
        """Histories begin anywhere on the way, most when all results are there."""
        for name, given in zip(NAMES, marks, strict=True):
            for _step in range(steps):
                self.come_on(name, given, "chair" if self.units[name].state == "self_scoring" else "assessor")

    @rule(name=SOMEBODY, given=st.tuples(HIGH, HIGH), second=st.booleans())
    def come_forward(self, name, given, second):
        stage = STAGE_OF.get(self.units[name].state)
        if stage:
            self.come_on(name, given, WRITERS[stage][-1 if second else 0])

    @rule(given=st.tuples(HIGH, HIGH))
    def all_come_forward(self, given):
        for name, unit in self.units.items():
            if unit.state in STAGE_OF and unit.recheck is None:
                self.come_on(name, given, WRITERS[STAGE_OF[unit.state]][0])

    def come_on(self, name, given, who):
        """Somebody marks what is open and moves the assessment on."""
        unit = self.units[name]
        stage = STAGE_OF[unit.state]
        wanted = dict(zip(("1-1", "1-2"), given, strict=True))
        open_now = unit.recheck if unit.recheck is not None else frozenset(wanted)
        told = [
            Typed(key, points, version=len([one for one in unit.history[stage] if one[0] == key]))
            for key, points in wanted.items()
            if key in open_now and unit.marks.get(stage, {}).get(key, (None, ""))[0] != D(points)
        ]
        stale = {key for key in (one.key for one in told) if (key, who) in unit.ready}
        act = lambda: services.save_marks(self.who(who), unit.assessment, stage, told)  # noqa: E731
        if told and self.attempt("mark", act, forbidden=bool(stale)):
            for one in told:
                unit.marks.setdefault(stage, {})[one.key] = (D(one.points), who)
                unit.history[stage].append((one.key, who))
        if stale:
            return
        action, target = {
            "self": ("submit", "assessing"),
            "assess": ("forward", "reviewing") if unit.stages == 3 else ("confirm", "final"),
            "review": ("confirm", "final"),
        }[stage]
        late = self.closed and stage != "review"
        held = unit.gate is not None and unit.gate.state != BallotState.CLOSED and stage == "assess"
        move = lambda: services.move(self.who(who), unit.assessment, action)  # noqa: E731
        missing = {"1-1", "1-2"} - unit.marks.get(stage, {}).keys()
        looked = unit.recheck is None or unit.recheck <= {
            key for key, by in unit.history[stage] if (key, by) not in unit.ready
        }
        refused = late or held or bool(missing)
        if self.attempt(action, move, forbidden=refused):
            assert looked or unit.recheck is None
            unit.state, unit.recheck, unit.ready = target, None, frozenset()
            self.moved(name)
        elif not refused and unit.recheck is None:
            raise AssertionError((action, name))

    @rule(name=SOMEBODY, action=st.sampled_from(["send_back", "reopen", "withdraw", "resume", "call_up", "recheck"]))
    def go_another_way(self, name, action):
        unit = self.units[name]
        who = {"send_back": "assessor" if unit.state == "assessing" else "reviewer", "reopen": "reviewer"}
        target = {
            ("assessing", "send_back"): "self_scoring",
            ("reviewing", "send_back"): "assessing",
            ("final", "reopen"): "reviewing" if unit.stages == 3 else "assessing",
            ("self_scoring", "withdraw"): "withdrawn",
            ("assessing", "withdraw"): "withdrawn",
            ("reviewing", "withdraw"): "withdrawn",
            ("withdrawn", "resume"): "self_scoring",
        }.get((unit.state, action))  # calling up and rechecking need what stands behind them
        by = self.who(who.get(action, "admin"))
        refused = target is None or self.closed or unit.contested
        if self.attempt(action, lambda: services.move(by, unit.assessment, action, reason="理由"), forbidden=refused):
            unit.state, unit.recheck, unit.ready = target, None, frozenset()
            self.moved(name)
        else:
            assert refused, (action, name)

    @rule(name=SOMEBODY)
    def leave_and_come_back(self, name):
        unit = self.units[name]
        if unit.state == "final":
            self.go_another_way(name, "reopen")
        self.go_another_way(name, "withdraw")
        self.go_another_way(name, "resume")

    # --- Ballots ------------------------------------------------------------------------------------------------------

    def asked_next(self):
        """Who may still be asked about."""
        return next(
            (one for one in self.units.values() if not one.gate and one.state in {"self_scoring", "assessing"}), None
        )

    @precondition(lambda self: not self.closed and self.asked_next())
    @rule(roster=st.integers(2, 5), minimum=st.integers(1, 2))
    def hold_a_ballot(self, roster, minimum):
        unit = self.asked_next()
        draft = ballots.Draft(
            purpose=Purpose.GATE,
            electorate=Voters.MEMBERS,
            title="民主测评",
            question="您对本单位工会工作是否满意？",
            roster=roster,
            minimum=minimum,
            last_day=(BEGIN + timedelta(days=400)).date(),
            answers=(ballots.Answer("满意", satisfied=True), ballots.Answer("不满意", satisfied=False)),
        )

        def act():
            ballot = ballots.save_ballot(self.who("assessor"), unit.assessment, draft)
            ballots.open_ballot(self.who("assessor"), ballot)
            return ballot, ballots.issue_codes(self.who("assessor"), ballot, roster)

        opened = self.attempt("ballot", act)
        assert opened
        unit.gate, unit.codes = opened
        unit.gate.refresh_from_db()

    @precondition(lambda self: any(unit.codes for unit in self.units.values()))
    @rule(name=SOMEBODY, place=st.integers(0, 1), code=st.integers(0, 4))
    def vote(self, name, place, code):
        unit = self.units.get(name)
        if unit is None or not unit.votes_run:
            held = sorted((one for one in self.units.values() if one.codes), key=lambda one: not one.votes_run)
            unit = held[0]
        typed = unit.codes[code % len(unit.codes)]
        used = BallotCode.objects.filter(ballot=unit.gate, used=True).count()
        spent = BallotCode.objects.filter(digest=ballots.codes.digest_of(typed), used=True).exists()
        refused = spent or not unit.votes_run
        cast = self.attempt("vote", lambda: ballots.cast_vote(typed, place) or "cast", forbidden=refused)
        assert bool(cast) != refused
        assert BallotCode.objects.filter(ballot=unit.gate, used=True).count() == used + bool(cast)

    @precondition(lambda self: any(unit.votes_run for unit in self.units.values()))
    @rule(places=st.lists(st.integers(0, 1), max_size=3))
    def close_a_ballot(self, places):
        for code, place in enumerate(places):
            self.vote("", place, code)
        self.close_the_ballot(next(name for name, unit in self.units.items() if unit.votes_run))

    def close_the_ballot(self, name):
        unit = self.units[name]
        back = BallotCode.objects.filter(ballot=unit.gate, used=True).count()
        if back >= unit.gate.minimum:
            assert self.attempt("close a ballot", lambda: ballots.close_ballot(self.who("assessor"), unit.gate))
            unit.gate.refresh_from_db()

    # --- Draws --------------------------------------------------------------------------------------------------------

    @precondition(lambda self: set(self.draws.values()) <= {DrawState.DRAWN})
    @rule(who=DECIDER, share=st.sampled_from(["0.2", "0.5", "1"]), seed=st.text("0123456789", min_size=1, max_size=6))
    def say_a_seed(self, who, share, seed):
        terms = draws.Terms(D(share), seed, "体彩排列五", by_county=False)
        draw = self.attempt("seed", lambda: draws.fix_seed(self.who(who), self.now(), terms))
        if draw:
            self.draws[draw.pk] = DrawState.SEEDED

    def draw_in(self, state):
        return Draw.objects.get(pk=next(pk for pk, stands in self.draws.items() if stands == state))

    @precondition(lambda self: DrawState.SEEDED in self.draws.values())
    @rule(who=DECIDER, left_out=st.none() | SOMEBODY)
    def freeze(self, who, left_out):
        draw = self.draw_in(DrawState.SEEDED)
        if left_out:
            unit = self.units[left_out].assessment
            self.attempt("leave out", lambda: draws.exclude(self.who(who), draw, unit, "上年已抽查"))
        if self.attempt("freeze", lambda: draws.freeze_population(self.who(who), draw)):
            self.draws[draw.pk] = DrawState.FROZEN

    @precondition(lambda self: DrawState.FROZEN in self.draws.values())
    @rule(who=DECIDER)
    def pull(self, who):
        draw = self.draw_in(DrawState.FROZEN)
        if self.attempt("draw", lambda: draws.draw_names(self.who(who), draw)):
            self.draws[draw.pk] = DrawState.DRAWN
            self.called_up()

    @precondition(lambda self: DrawState.DRAWN in self.draws.values())
    @rule(who=DECIDER, place=st.integers(0, 5))
    def pull_again(self, who, place):
        held = list(DrawMember.objects.filter(draw__cycle=self.cycle, drawn_in__isnull=False, dropped_in=None))
        if held:
            one = held[place % len(held)]
            if self.attempt("redraw", lambda: draws.redraw(self.who(who), one.draw, [one.pk], "单位已撤并")):
                self.called_up()

    @precondition(lambda self: set(self.draws.values()) <= {DrawState.DRAWN})
    @rule(replaced=st.booleans())
    def check_on_some(self, replaced):
        """A whole draw, at times with one replaced."""
        self.say_a_seed("reviewer", "0.2", "7")
        if DrawState.SEEDED in self.draws.values():
            self.freeze("admin", "甲" if replaced else None)
        if DrawState.FROZEN in self.draws.values():
            self.pull("reviewer")
        if replaced and DrawState.DRAWN in self.draws.values():
            self.pull_again("admin", 0)

    def called_up(self):
        """Who is drawn is under review; who was dropped again is final as before."""
        for name, unit in self.units.items():
            row = Assessment.objects.get(pk=unit.assessment.pk)
            if (row.state, row.stages) == (unit.state, unit.stages):
                continue
            if row.state == "reviewing":
                assert unit.state == "final"
                assert row.stages == 3
            else:
                assert (unit.state, row.state) == ("reviewing", "final")
            unit.state, unit.stages = row.state, row.stages
            self.moved(name)

    # --- Grading ------------------------------------------------------------------------------------------------------

    @rule(name=SOMEBODY, who=DECIDER, kind=st.sampled_from(RulingKind.values), rank=st.sampled_from([3, 4, 5, 5]))
    def rule_on(self, name, who, kind, rank):
        unit = self.units[name]
        given = rank if kind == RulingKind.OVERRIDE else None
        act = lambda: grading.propose_ruling(self.who(who), unit.assessment, kind, given, "理由")  # noqa: E731
        ruling = self.attempt("propose", act, forbidden=unit.state != "final" or self.closed)
        if ruling:
            self.rulings[ruling.pk] = False

    @rule(name=SOMEBODY, kind=st.sampled_from([RulingKind.VETO, RulingKind.OVERRIDE]), takes_back=st.booleans())
    def two_rule(self, name, kind, takes_back):
        """One proposes, another confirms, and at times it is taken back."""
        self.rule_on(name, "admin", kind, 3)
        if self.rulings:
            self.second_a_ruling("reviewer", withdraw=False)
            if takes_back:
                self.second_a_ruling("reviewer", withdraw=True)

    @precondition(lambda self: bool(self.rulings))
    @rule(who=DECIDER, withdraw=st.sampled_from([True, False, False]))
    def second_a_ruling(self, who, withdraw):
        pk, confirmed = next(reversed(self.rulings.items()))
        ruling = Ruling.objects.get(pk=pk)
        own = ruling.proposed_by_id == self.people[who].pk
        if withdraw:
            if self.attempt("withdraw a ruling", lambda: grading.withdraw_ruling(self.who(who), ruling)):
                del self.rulings[pk]
        elif self.attempt(
            "confirm a ruling", lambda: grading.confirm_ruling(self.who(who), ruling), forbidden=own or confirmed
        ):
            self.rulings[pk] = True

    # --- Publishing ---------------------------------------------------------------------------------------------------

    @rule(who=DECIDER)
    def publish(self, who):
        unfinished = any(unit.state not in {"final", "withdrawn"} for unit in self.units.values())
        pending = bool(self.complaints)
        words = {"title": "公示", "body": "现予公示。", "contact": "市总工会组织部", "reason": "更正"}
        act = lambda: publishing.publish(  # noqa: E731
            self.who(who), self.now(), starts_on=self.today, **words
        )
        notice = self.attempt("publish", act, forbidden=unfinished or pending)
        if notice:
            assert (notice.starts_on, notice.ends_on) == (self.today, self.today + timedelta(days=NOTICE_DAYS - 1))
            self.notice, self.closed = notice, False
            self.remember(notice.snapshot)

    def remember(self, snapshot):
        rows = list(SnapshotRow.objects.filter(snapshot=snapshot).order_by("pk").values_list())
        self.published[snapshot.pk] = Snapshot.objects.filter(pk=snapshot.pk).values_list().get()
        self.rows_of[snapshot.pk] = rows
        told = {row.name: (row.points, row.awarded_rank) for row in snapshot.rows.all()}
        assert told == {
            name: (unit.points, self.awards()[name]) if unit.state == "final" else (None, None)
            for name, unit in self.units.items()
        }

    @property
    def today(self):
        return datetime.now(tz=ZoneInfo("Asia/Shanghai")).date()

    @rule(days=st.sampled_from([1, 5, 10, 11]))
    def time_passes(self, days):
        self.traveller.shift(timedelta(days=days))

    @rule(who=DECIDER)
    def close(self, who):
        last = self.notice
        refused = self.closed or last is None or self.today <= last.ends_on or bool(self.complaints)
        if self.attempt("close", lambda: publishing.close_cycle(self.who(who), self.now()), forbidden=refused):
            self.closed = True
            told = {row.name: (row.points, row.awarded_rank) for row in last.snapshot.rows.all()}
            current = self.awards()
            assert told == {
                name: (unit.points, current[name]) if unit.state == "final" else (None, None)
                for name, unit in self.units.items()
            }

    @precondition(lambda self: not self.closed)
    @rule(days=st.sampled_from([0, 11]), given=st.tuples(HIGH, HIGH))
    def come_to_the_end(self, days, given):
        """All that leads to a closed cycle, so that histories do not stay on the way."""
        for name in NAMES:
            unit = self.units[name]
            while unit.votes_run:
                fresh = BallotCode.objects.filter(ballot=unit.gate, used=True).count()
                if fresh >= unit.gate.minimum:
                    self.close_the_ballot(name)
                else:
                    for number in range(len(unit.codes)):
                        self.vote(name, 0, number)
        for _round in range(3):
            self.all_come_forward(given)
        for pk in list(self.complaints):
            self.settle_one(pk, "reviewer", upheld=True)
        self.publish("admin")
        self.time_passes(days)
        self.close("reviewer")
        if self.closed:
            self.propose_consequences("admin")

    # --- Objections ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.notice is not None)
    @rule(name=SOMEBODY, who=st.sampled_from(["chair", "reviewer", "stranger"]), items=st.sampled_from(["", "1-1"]))
    def object_to(self, name, who, items):
        unit = self.units[name]
        entry = objections.Entry("得分偏低", items=(items,) if items else ())
        if who == "reviewer":
            entry = objections.Entry(
                "得分偏低", items=(items,) if items else (), channel=Channel.VISIT, objector="马同志",
                received_on=self.today,
            )  # fmt: skip
        act = lambda: objections.register(self.who(who), unit.assessment, entry)  # noqa: E731
        objection = self.attempt("object", act, forbidden=not self.running)
        if objection:
            self.complaints[objection.pk] = ObjectionState.OPEN

    @precondition(lambda self: ObjectionState.OPEN in self.complaints.values())
    @rule(who=DECIDER, keys=st.sampled_from([("1-1",), ("1-2", "1-1")]))
    def recheck(self, who, keys):
        pk = next(pk for pk, stands in self.complaints.items() if stands == ObjectionState.OPEN)
        objection = Objection.objects.get(pk=pk)
        (unit,) = (unit for unit in self.units.values() if unit.assessment.pk == objection.assessment_id)
        act = lambda: objections.open_recheck(self.who(who), objection, keys)  # noqa: E731
        if self.attempt("open a recheck", act, forbidden=unit.state != "final" or self.closed):
            unit.state = "reviewing" if unit.stages == 3 else "assessing"
            unit.recheck, unit.contested = frozenset(keys), True
            unit.ready = frozenset(unit.history[unit.last])
            self.complaints[pk] = ObjectionState.RECHECKING
            self.moved(unit.assessment.name)

    @precondition(lambda self: bool(self.complaints))
    @rule(who=DECIDER, upheld=st.booleans())
    def settle(self, who, upheld):
        self.settle_one(next(iter(self.complaints)), who, upheld=upheld)

    def settle_one(self, pk, who, *, upheld):
        objection = Objection.objects.get(pk=pk)
        (unit,) = (unit for unit in self.units.values() if unit.assessment.pk == objection.assessment_id)
        state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
        unsettled = objection.state == ObjectionState.RECHECKING and unit.state != "final"
        act = lambda: objections.settle(self.who(who), objection, state, "已答复")  # noqa: E731
        if self.attempt("settle", act, forbidden=unsettled):
            rechecked = self.complaints.pop(pk) == ObjectionState.RECHECKING
            unit.contested = unit.contested and not rechecked

    @precondition(lambda self: self.notice is not None and not self.complaints)
    @rule(name=SOMEBODY, given=st.tuples(HIGH, HIGH), again=st.booleans())
    def dispute(self, name, given, again):
        """A whole objection, with or without a recheck by another person."""
        if not self.running:
            self.publish("admin")
        self.object_to(name, "chair", "1-1")
        if self.complaints and again:
            self.recheck("admin", ("1-1", "1-2"))
            if self.units[name].recheck:
                self.come_on(name, given, WRITERS[self.units[name].last][1])
        for pk in list(self.complaints):
            self.settle_one(pk, "reviewer", upheld=again)
            if pk in self.complaints:
                self.settle_one(pk, "reviewer", upheld=not again)

    # --- What follows -------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.closed)
    @rule(who=DECIDER)
    def propose_consequences(self, who):
        act = lambda: aftermath.propose(self.who(who), self.now())  # noqa: E731
        self.attempt("consequences", act, forbidden=not self.closed)

    # --- What is nobody else's ----------------------------------------------------------------------------------------

    @rule(who=OUTSIDER, name=SOMEBODY, place=st.integers(0, 9))
    def meddle(self, who, name, place):
        """Somebody who decides nothing tries to."""
        by, unit, cycle = self.who(who), self.units[name], self.now()
        terms = draws.Terms(D("0.5"), "1", "自定")
        words = {
            "title": "公示",
            "body": "现予公示。",
            "contact": "市总工会",
            "reason": "更正",
            "starts_on": self.today,
        }
        rejected = ObjectionState.REJECTED
        deeds = [
            lambda: services.move(by, unit.assessment, "withdraw", reason="理由"),
            lambda: services.move(by, unit.assessment, "reopen", reason="理由"),
            lambda: services.move(by, unit.assessment, "resume", reason="理由"),
            lambda: draws.fix_seed(by, cycle, terms),
            lambda: grading.propose_ruling(by, unit.assessment, RulingKind.VETO, None, "理由"),
            lambda: publishing.publish(by, cycle, **words),
            lambda: publishing.close_cycle(by, cycle),
            lambda: aftermath.propose(by, cycle),
            *(lambda one=one: draws.draw_names(by, one) for one in Draw.objects.filter(pk__in=self.draws)),
            *(lambda one=one: draws.freeze_population(by, one) for one in Draw.objects.filter(pk__in=self.draws)),
            *(
                lambda one=one: objections.settle(by, one, rejected, "不成立")
                for one in Objection.objects.exclude(registered_by=by)
            ),
            *(lambda one=one: objections.open_recheck(by, one, ["1-1"]) for one in Objection.objects.all()),
        ]
        self.attempt(f"meddle {place}", deeds[place % len(deeds)], forbidden=True)

    # --- What must hold after each step -------------------------------------------------------------------------------

    def awards(self):
        """The bands that the rules of the cycle and the confirmed rulings give, worked out anew (6, 7)."""
        final = {name: unit.points for name, unit in self.units.items() if unit.state == "final"}
        bands = {name: band(points) for name, points in final.items()}
        rulings = {
            one.assessment.name: one
            for one in Ruling.objects.filter(withdrawn_at=None, confirmed_at__isnull=False).select_related("assessment")
        }
        return award(final, bands, rulings)

    @invariant()
    def states_are_those_of_the_model(self):  # 8, 11
        stored = {
            row[0]: row[1:]
            for row in Assessment.objects.filter(cycle=self.cycle).values_list("name", "state", "stages", "points")
        }
        assert stored == {name: (one.state, one.stages, one.points) for name, one in self.units.items()}

    @invariant()
    def marks_are_those_of_the_model(self):  # 1, 9, 10
        told = Mark.objects.filter(sheet__assessment__cycle=self.cycle).values_list(
            "sheet__assessment__name", "sheet__stage", "item__key", "points", "saved_by"
        )
        names = {person.pk: name for name, person in self.people.items()}
        stored = {(name, stage, key): (points, names[by]) for name, stage, key, points, by in told}
        assert stored == {
            (name, stage, key): mark
            for name, unit in self.units.items()
            for stage, marks in unit.marks.items()
            for key, mark in marks.items()
        }
        assert all(by in WRITERS[stage] for (_name, stage, _key), (_points, by) in stored.items())

    @invariant()
    def what_was_changed_holds(self):
        if not self.changed:
            return
        self.changed = False
        self.votes_are_no_more_than_codes()
        self.published_snapshots_stay()
        self.a_closed_cycle_is_settled()
        self.check_logs(self.touched)
        self.touched = set()
        self.the_quota_holds()
        self.draws_are_recomputed()
        self.coverage_counts_once()

    def votes_are_no_more_than_codes(self):  # 14
        for unit in self.units.values():
            if unit.gate is not None:
                votes = sum(BallotOption.objects.filter(ballot=unit.gate).values_list("votes", flat=True))
                codes = BallotCode.objects.filter(ballot=unit.gate)
                assert votes == codes.filter(used=True).count() <= codes.count() <= unit.gate.roster

    def published_snapshots_stay(self):  # 12
        assert set(Snapshot.objects.values_list("pk", flat=True)) == set(self.published)
        if self.published:
            self.check_published()

    def check_published(self):
        for pk, row in self.published.items():
            assert Snapshot.objects.filter(pk=pk).values_list().get() == row
            assert list(SnapshotRow.objects.filter(snapshot=pk).order_by("pk").values_list()) == self.rows_of[pk]

    def a_closed_cycle_is_settled(self):  # 13
        assert (self.now().closed_at is not None) == self.closed
        if not self.closed:
            return
        last = Notice.objects.filter(snapshot__cycle=self.cycle).order_by("-snapshot__number").first()
        assert last.ends_on < self.today
        assert not Objection.objects.filter(state__in=("open", "rechecking")).exists()
        revisited = {one.assessment_id for one in DrawMember.objects.filter(draw__purpose="revisit", dropped_in=None)}
        for unit in self.units.values():
            assert unit.state in {"final", "withdrawn"} or unit.assessment.pk in revisited
            if unit.state == "final":
                assert unit.gate is None or unit.gate.state == BallotState.CLOSED
                open_sheets = Sheet.objects.filter(assessment=unit.assessment, closed_at=None)
                assert not open_sheets.exists()

    def check_logs(self, names):
        for name in names:
            now = Assessment.objects.select_related("rubric").get(pk=self.units[name].assessment.pk)
            assert breaks(now) == []

    def the_quota_holds(self):  # 6, 7
        found = {one.assessment.name: one for one in verdicts(self.now())}
        expected = self.awards()
        for name, unit in self.units.items():
            verdict = found[name]
            assert verdict.points == (unit.points if unit.state == "final" else None), name
            assert (verdict.values["awarded_rank"] or 0) <= (verdict.band_rank or 0)
        assert {name: one.values["awarded_rank"] for name, one in found.items() if one.points is not None} == expected

    def draws_are_recomputed(self):  # 15
        for draw in Draw.objects.filter(cycle=self.cycle).exclude(state=DrawState.SEEDED):
            check_draw(draw)

    def coverage_counts_once(self):  # 19
        rows = SnapshotRow.objects.filter(snapshot__cycle=self.cycle)
        most = Counter(rows.values_list("snapshot", "assessment__organization"))
        assert set(most.values()) <= {1}


def award(points, bands, rulings):
    """Guyuan's rule, written from the plan: at most a fifth may hold five stars, equals at the last seat wait for
    persons, who has no seat gets four. A confirmed ruling gives notwithstanding the quota, and takes no seat away."""
    given = {}
    for name, ruling in rulings.items():
        if name in points and ruling.kind == RulingKind.VETO:
            given[name] = None
        elif name in points and ruling.kind == RulingKind.OVERRIDE and ruling.rank <= bands[name]:
            given[name] = ruling.rank
    wanting = [name for name in points if bands[name] == 5 and given.get(name, 5) == 5]
    left = floor(Fraction(QUOTA) * len(points))
    stars = {}
    for value in sorted({points[name] for name in wanting}, reverse=True):
        level = [name for name in wanting if points[name] == value]
        if len(level) <= left:
            stars |= dict.fromkeys(level, 5)
            left -= len(level)
            continue
        chosen = {name for name in level if name in rulings and rulings[name].kind == RulingKind.SEAT}
        stars |= {name: 5 if name in chosen and len(chosen) <= left else 4 for name in level}
        left = 0
    return {name: given.get(name, stars.get(name, bands[name])) for name in points}


def check_draw(draw):
    """The drawn, worked out anew from what is printed: digest, ranks, seats."""
    members = list(draw.members.all())
    lines = sorted(f"{one.stratum}\t{one.key}\t{one.name}" for one in members)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert draw.digest == digest
    ranked = defaultdict(list)
    for one in members:
        rank = hashlib.sha256(f"{digest}|{draw.seed}|{one.stratum}|{one.key}".encode()).hexdigest()
        assert one.rank in {rank, ""}
        if not one.excluded_for:
            ranked[one.stratum].append((rank, one))
    drawn = [one for one in members if one.drawn_in_id]
    assert not [one for one in drawn if one.excluded_for]
    if draw.state != DrawState.DRAWN:
        assert not drawn
        return
    for stratum, queue in ranked.items():
        queue.sort(key=lambda pair: pair[0])
        taken = [one for _rank, one in queue if one.drawn_in_id]
        assert taken == [one for _rank, one in queue[: len(taken)]], stratum  # nobody is passed over
        held = [one for one in taken if one.dropped_in_id is None]
        (wanted,) = {max(1, ceil(Fraction(draw.share) * len(queue)))}
        assert len(held) <= wanted
        if len(taken) < len(queue):
            assert len(held) == wanted


def stage():
    """The people and the cycle on which all histories are played."""
    city = make.organization(None, "city", "city")
    county = make.organization(city, "county", "county")
    other = make.organization(city, "county", "county")
    units = []
    for name in NAMES:
        unit = make.organization(county, "township", "township")
        unit.name = name
        unit.save(update_fields=("name",))
        units.append(unit)
    rubric = make.small_rubric(items=ITEMS, stages=2, bands=BANDS, kinds=("township",))
    admin = make.person((city, Role.ADMIN))
    cycle = make.open_cycle_for(city, {"township": rubric}, by=admin)
    Cycle.objects.filter(pk=cycle.pk).update(quota_share=QUOTA, notice_days=NOTICE_DAYS)
    chair = make.person(*((unit, Role.CHAIR) for unit in units))
    people = {
        "admin": admin,
        "reviewer": make.person((city, Role.REVIEWER)),
        "second_reviewer": make.person((city, Role.REVIEWER)),
        "assessor": make.person((county, Role.ASSESSOR)),
        "second_assessor": make.person((county, Role.ASSESSOR)),
        "chair": chair,
        "auditor": make.person((city, Role.AUDITOR)),
        "county_admin": make.person((county, Role.ADMIN)),
        "stranger": make.person((other, Role.ASSESSOR), (other, Role.REVIEWER), (other, Role.ADMIN)),
        "superuser": make.person(is_staff=True, is_superuser=True),
    }
    return Cycle.objects.get(pk=cycle.pk), people

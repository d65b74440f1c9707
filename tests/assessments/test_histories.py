"""Random histories of saves, moves and sign-offs by random people, compared after each step with a model of our own.

The model knows the rules a second time, written from the documents and not from the code: who may do what, what a typed
text means, what a sheet adds up to. Checked are the invariants of the scoring workflow numbered 1-6, 8-11 and 16-18 in
the project's list.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from django.db import transaction
from django.utils.timezone import localdate
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assessments import services
from assessments.chain import breaks
from assessments.claims import TypedClaim
from assessments.models import Assessment, Claim, Count, Mark, MarkRevision, Sheet, Signoff, Step, What
from assessments.results import Content, total_of
from assessments.services import Forbidden, MarksRefused, Refused, Typed, WrongState
from assessments.tallies import FIELDS, counted, rolled_up
from orgs.models import Organization
from orgs.roles import Role
from orgs.services import edit_organization, move_organization
from tests import factories as make

D = Decimal
ASKED = {one.key: one for one in make.EVERY_CLAIM if "system" not in one.kinds}
PRINTED = Fraction(40)  # base points of a township
BANDS = ((5, 36), (4, 32), (3, 28), (2, 24), (1, 0))

RESULTS = {"state", "official_stage", "points", "band_rank", "applicable", "assessed_by_id"} | {
    f"{stage}_points" for stage in ("self", "assess", "review")
}
SELF, ASSESS, REVIEW = "self", "assess", "review"
STAGE_OF = {"self_scoring": SELF, "assessing": ASSESS, "reviewing": REVIEW}
EDGES = {
    2: {
        ("self_scoring", "submit"): ("assessing", {"chair"}),
        ("assessing", "send_back"): ("self_scoring", {"assessor"}),
        ("assessing", "confirm"): ("final", {"assessor"}),
        ("final", "reopen"): ("assessing", {"reviewer"}),
    },
    3: {
        ("self_scoring", "submit"): ("assessing", {"chair"}),
        ("assessing", "send_back"): ("self_scoring", {"assessor"}),
        ("assessing", "forward"): ("reviewing", {"assessor"}),
        ("reviewing", "send_back"): ("assessing", {"reviewer"}),
        ("reviewing", "confirm"): ("final", {"reviewer"}),
        ("final", "reopen"): ("reviewing", {"reviewer"}),
    },
}
BACK = {"send_back", "reopen"}
WRITERS = {
    SELF: {"clerk", "chair", "turncoat"},
    ASSESS: {"assessor", "department_assessor", "staff_assessor"},
    REVIEW: {"reviewer"},
}
OFFICES_OF = {"department_assessor": {"办公室"}, "staff_assessor": {"组织部", "组织人事部"}}
SIGNERS = {"office": {"assessor", "department_assessor"}, "staff": {"assessor", "staff_assessor"}}
NAMES = {"office": {"办公室"}, "staff": {"组织部", "组织人事部"}}
PEOPLE = (
    "clerk",
    "chair",
    "department_assessor",
    "staff_assessor",
    "assessor",
    "reviewer",
    "turncoat",
    "admin",
    "auditor",
    "stranger",
    "superuser",
    "unposted",
)

# what people type, and what it means; None: nothing, "no": not a number
MEANING = {
    "": None,
    " ": None,
    "0": D(0),
    "0.5": D("0.5"),
    "１．５": D("1.5"),
    "3": D(3),
    "5分": D(5),
    "6。5": D("6.5"),
    "8": D(8),
    "4.00": D(4),
    "0.3": D("0.3"),
    "12": D(12),
    "12345": D(12345),
    "-1": "no",
    "1e1": "no",
    "x": "no",
}


# the same of claims; None: a line left blank
LAST_YEAR = localdate().year - 1


def last_year(month):
    return date(LAST_YEAR, month, 1)


def a_claim(measure, occasion, month, proof="", years=0):
    return TypedClaim(measure, occasion, f"{LAST_YEAR + years}-{month:02}-01", proof)


CLAIMS = {
    a_claim("nation", "全国会议交流", 3, "会刊"): ("nation", last_year(3), "全国会议交流"),
    a_claim("city", " 全市会议交流", 5): ("city", last_year(5), "全市会议交流"),
    a_claim("city", "全市现场会", 4): ("city", last_year(4), "全市现场会"),
    a_claim("province", "全省简报", 4): ("province", last_year(4), "全省简报"),
    TypedClaim(): None,
    a_claim("city", "", 4): "no",
    a_claim("city", "还没开的会", 4, years=3): "no",
    a_claim("village", "全村会议", 4): "no",
}
RIGHT_CLAIMS = [one for one, meaning in CLAIMS.items() if meaning != "no"]


@dataclass(frozen=True)
class Said:
    """What a mark says, in the model's words."""

    points: Decimal | None = None
    counts: tuple[tuple[str, Decimal], ...] = ()
    not_applicable: bool = False
    reason: str = ""
    remark: str = ""
    claims: tuple[tuple[str, date, str], ...] = ()

    @property
    def blank(self):
        return self.points is None and not self.counts and not self.not_applicable


NOTHING = Said()


def measured(asked, text, step, maximum):
    """The number meant by a text, or None; raises ValueError where it may not stand."""
    value = MEANING[text]
    if value is None:
        return None
    if value == "no" or value % D(step) or (maximum is not None and value > D(maximum)):
        raise ValueError
    return value


def meant_claims(asked, typed, stands):
    """The claims that are meant; those that stand where nothing is said of them. Raises ValueError."""
    if not asked.claimed or typed.claims is None:
        return stands.claims
    said = [CLAIMS[one] for one in typed.claims if CLAIMS[one]]
    if "no" in said or len(set(said)) < len(said):
        raise ValueError
    order = [one.key for one in asked.bonus]
    return tuple(sorted(said, key=lambda claim: (order.index(claim[0]), *claim[1:])))


def meant(typed, stage, own, stands):
    """What typing this on an item says. `own` is what the organisation says on it. Raises ValueError.

    stands  what the mark says now
    """
    asked = ASKED[typed.key]
    claims = meant_claims(asked, typed, stands)
    many = Counter(one for one, _day, _occasion in claims)
    if typed.not_applicable:
        claimed = stage == SELF or own.not_applicable
        reason = typed.reason or (own.reason if stage != SELF else "")
        if not claimed or not reason:
            raise ValueError
        return Said(not_applicable=True, reason=reason, remark=typed.remark)
    counts = []
    for one in asked.base + asked.bonus:
        part = asked.rule == "sum_of_parts" and one in asked.base
        text = typed.counts.get(one.key, "")
        if asked.claimed:
            if text.strip() not in {"", str(many[one.key] or "")}:
                raise ValueError
            counts += [(one.key, D(many[one.key]))] if many[one.key] else []
            continue
        if "分" in text and one.unit != "分":
            raise ValueError
        value = measured(asked, text, one.step, one.amount if part else None)
        if value is not None:
            counts.append((one.key, value))
    points = measured(asked, typed.points, "0.5", asked.points) if asked.rule == "judged" else None
    return Said(points, tuple(counts), remark=typed.remark, claims=claims)


def base_of(asked, said):
    """The base points of an item, or None while they are unknown."""
    counts = {key: Fraction(value) for key, value in said.counts}
    given = [one for one in asked.base if one.key in counts]
    if asked.rule == "judged":
        return None if said.points is None else Fraction(said.points)
    if asked.rule == "deduct_per_unit" and len(given) == len(asked.base):
        return max(Fraction(0), Fraction(asked.points) - sum(Fraction(one.amount) * counts[one.key] for one in given))
    if asked.rule == "sum_of_parts" and given:
        return sum(counts[one.key] for one in given)
    return None


def bonus_of(asked, said):
    counts = {key: Fraction(value) for key, value in said.counts}
    units = {
        one: floor(max(Fraction(0), counts[one.key] - Fraction(one.above)) / Fraction(one.per))
        for one in asked.bonus
        if one.key in counts
    }
    if asked.bonus_rule == "highest_level":
        points = max((Fraction(one.amount) for one, many in units.items() if many), default=Fraction(0))
    else:
        points = sum((Fraction(one.amount) * many for one, many in units.items()), Fraction(0))
    return min(points, Fraction(asked.cap)) if asked.cap else points


def done(asked, said):
    if said.not_applicable:
        return False  # it is not among what has to be done
    if asked.rule == "judged":
        return said.points is not None
    return {one.key for one in asked.base} <= {key for key, _value in said.counts}


@dataclass
class Sums:
    base: Fraction
    bonus: Fraction
    applicable: Fraction
    points: Fraction | None
    band: int | None
    scored: int
    required: int
    missing: set[str]


def sums_of(marks):
    """What a sheet adds up to, from scratch."""
    say = {key: marks.get(key, NOTHING) for key in ASKED}
    base = sum((base_of(ASKED[k], s) or Fraction(0) for k, s in say.items() if not s.not_applicable), Fraction(0))
    bonus = sum((bonus_of(ASKED[k], s) for k, s in say.items() if not s.not_applicable), Fraction(0))
    away = sum((Fraction(ASKED[k].points or 0) for k, s in say.items() if s.not_applicable), Fraction(0))
    left = PRINTED - away
    points = base
    if away and left:
        points = Fraction(floor(base * PRINTED / left * 10000), 10000)
    points += bonus
    needed = {key for key, said in say.items() if ASKED[key].points and not said.not_applicable}
    missing = {key for key in needed if not done(ASKED[key], say[key])}
    if not away and all(said.points is None and not said.counts for said in say.values()):
        return Sums(base, bonus, left, None, None, 0, len(needed), missing)
    band = next(rank for rank, lower in BANDS if points >= lower)
    return Sums(base, bonus, left, points, band, len(needed) - len(missing), len(needed), missing)


@dataclass
class Model:
    stages: int
    state: str = "self_scoring"
    history: dict[str, dict[str, list[Said]]] = field(default_factory=lambda: {SELF: {}, ASSESS: {}, REVIEW: {}})
    limited: dict[str, set[str] | None] = field(default_factory=lambda: dict.fromkeys((SELF, ASSESS, REVIEW)))
    signed: set[str] = field(default_factory=set)
    steps: list[tuple[str, str, str, str]] = field(default_factory=list)

    def marks(self, stage):
        return {key: said[-1] for key, said in self.history[stage].items()}

    @property
    def closed_offices(self):
        return set().union(*(NAMES[name] for name in self.signed))

    def in_reach(self, actor, stage, key):
        if key not in ASKED:
            return False
        offices = set(ASKED[key].offices)
        if actor in OFFICES_OF and not offices & OFFICES_OF[actor]:
            return False
        if self.limited[stage] is not None and key not in self.limited[stage]:
            return False
        return stage != ASSESS or not offices & self.closed_offices

    def writes(self, actor, stage):
        """None if the person may write the stage's sheet now, else the refusal."""
        if STAGE_OF.get(self.state) != stage:
            return WrongState
        return None if actor in WRITERS[stage] else Forbidden


def typing():
    """One item as somebody types it; `lag` says how many saves ago they looked."""
    texts = st.sampled_from(list(MEANING)[:10]) | st.sampled_from(list(MEANING))
    keys = st.sampled_from([*ASKED] * 6 + ["2-4", "9-9"])

    def item(key):
        measures = [one.key for one in ASKED[key].base + ASKED[key].bonus] if key in ASKED else []
        claims = st.none()
        if key in ASKED and ASKED[key].claimed:
            lists = [st.lists(st.sampled_from(some), max_size=3) for some in (RIGHT_CLAIMS, RIGHT_CLAIMS, [*CLAIMS])]
            measures, claims = measures[:1], st.none() | st.one_of(lists).map(tuple)
        return st.builds(
            Typed,
            st.just(key),
            texts,
            st.fixed_dictionaries({}, optional=dict.fromkeys(measures, texts)),
            st.sampled_from([False] * 8 + [True]),
            st.sampled_from(["没有", ""]),
            st.sampled_from(["", "", "说明"]),
            st.sampled_from([0] * 8 + [1, 2]),
            claims,
        )

    return keys.flatmap(item)


BATCH = st.lists(typing(), min_size=1, max_size=3, unique_by=lambda one: one.key)
ANYBODY = st.sampled_from(PEOPLE)
ANOTHER = st.sampled_from(["clerk", "department_assessor", "staff_assessor", "turncoat"])
RIGHT = st.just("right")
ACTOR = st.one_of(RIGHT, RIGHT, RIGHT, ANYBODY)
STAGE = st.one_of(RIGHT, RIGHT, RIGHT, st.sampled_from([SELF, ASSESS, REVIEW]))
ACTION = st.sampled_from(["submit", "send_back", "forward", "confirm", "reopen"])
SOME = st.sampled_from([(), ("1-1",), ("2-1", "1-1"), ("3-3", "3-1"), ("2-3",)])
AWAY = st.sampled_from(["", "", "1-1", "2-1"])
NAMED = st.one_of(
    st.just(()),
    st.just(()),
    st.lists(st.sampled_from([*ASKED]), max_size=3).map(tuple),
    st.sampled_from([("1-1", "9-9"), ("2-4",)]),
)


class Histories(RuleBasedStateMachine):
    cast: make.Cast
    people: dict[str, object]

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.assessment = self.cast.assessment
        self.model = Model(self.cast.assessment.stages)
        self.stored = make.snapshot(self.assessment)
        self.frozen = self.fixed_columns()
        self.changed = True  # since the invariants were looked at
        self.counted = False

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def fixed_columns(self):
        row = Assessment.objects.filter(pk=self.assessment.pk).values().get()
        return {k: v for k, v in row.items() if k not in RESULTS}

    def right_actor(self):
        return {"self_scoring": "chair", "assessing": "assessor"}.get(self.model.state, "reviewer")

    def attempt(self, expected, act):
        """Does something. If the model expects a refusal, it comes and leaves no trace (17). Whether it was done."""
        if expected:
            with pytest.raises(Refused) as caught:
                act()
            assert caught.type in expected
            assert str(caught.value)
            assert make.snapshot(self.assessment) == self.stored
            return False
        act()
        self.stored = make.snapshot(self.assessment)
        self.changed = True
        return True

    # --- What people do ---

    @rule(actor=ACTOR, stage=STAGE, batch=BATCH)
    def save_anywhere(self, actor, stage, batch):
        self.save(actor, stage, batch)

    @rule(batch=BATCH)
    def save_where_it_belongs(self, batch):
        self.save("right", "right", batch)

    @rule(batch=BATCH, who=ANOTHER)
    def save_as_another(self, batch, who):
        self.save(who, "right", batch)

    @rule(who=ANOTHER)
    def adopt_as_another(self, who):
        self.take_over(who, "right")

    def save(self, actor, stage, batch):
        model = self.model
        actor = self.right_actor() if actor == "right" else actor
        stage = STAGE_OF.get(model.state, SELF) if stage == "right" else stage
        past = model.history[stage]
        batch = [replace(one, version=max(0, len(past.get(one.key, ())) - one.version)) for one in batch]
        self.post(actor, stage, batch)

    def post(self, actor, stage, batch):
        expected, new = self.judge(actor, stage, batch)
        if self.attempt(expected, lambda: services.save_marks(self.people[actor], self.assessment, stage, batch)):
            for key, said in new.items():
                self.model.history[stage].setdefault(key, []).append(said)

    def judge(self, actor, stage, batch):
        """Which refusals a save must meet, and what it changes if none."""
        closed = self.model.writes(actor, stage)
        if closed:
            return {closed}, {}
        if not all(self.model.in_reach(actor, stage, one.key) for one in batch):
            return {Forbidden, WrongState}, {}
        past, new = self.model.history[stage], {}
        for one in batch:
            versions = past.get(one.key, [])
            stands = versions[-1] if versions else NOTHING
            try:
                said = meant(one, stage, self.model.marks(SELF).get(one.key, NOTHING), stands)
            except ValueError:
                return {MarksRefused}, {}
            if said == stands:
                continue
            if one.version != len(versions):
                seen = versions[one.version - 1] if one.version else NOTHING
                unsaid = ASKED[one.key].claimed and one.claims is None
                if seen == (replace(said, claims=seen.claims, counts=seen.counts) if unsaid else said):
                    continue  # left as they saw it
                return {MarksRefused}, {}
            new[one.key] = said
        return set(), new

    @initialize(steps=st.sampled_from([0, 1, 1, 2, 3, 4]), away=AWAY)
    def begin(self, steps, away):
        """Histories begin anywhere on the way."""
        for _step in range(steps):
            self.come_forward((), away)

    @rule(share=st.sampled_from([1, 2, 4]), away=AWAY)
    def fill(self, share, away):
        """The right person marks all that is open to them, with all of the points or a share; `away` does not apply."""
        model = self.model
        stage, actor = STAGE_OF.get(model.state), self.right_actor()
        if stage is None:
            return
        batch = []
        for key, asked in ASKED.items():
            if not model.in_reach(actor, stage, key):
                continue
            worth = D(asked.points or 0) / share
            text = f"{worth - worth % D('0.5'):f}"
            MEANING.setdefault(text, D(text))
            counts = {one.key: "0" if asked.rule != "sum_of_parts" else "3" for one in asked.base + asked.bonus}
            counts = {} if asked.claimed else counts
            claims = tuple(RIGHT_CLAIMS[:share]) if asked.claimed else None
            given = Typed(key, text, counts, version=len(model.history[stage].get(key, ())), claims=claims)
            if key == away and (stage == SELF or model.marks(SELF).get(key, NOTHING).not_applicable):
                given = replace(given, not_applicable=True, reason="没有")
            batch.append(given)
        self.post(actor, stage, batch)

    @rule(actor=ACTOR, stage=STAGE)
    def adopt(self, actor, stage):
        self.take_over(actor, stage)

    def take_over(self, actor, stage):
        model = self.model
        actor = self.right_actor() if actor == "right" else actor
        stage = STAGE_OF.get(model.state, ASSESS) if stage == "right" else stage
        expected = model.writes(actor, stage) or (WrongState if stage == SELF else None)
        done = self.attempt(
            {expected} - {None}, lambda: services.adopt_marks(self.people[actor], self.assessment, stage)
        )
        if not done:
            return
        earlier, own = model.marks(SELF if stage == ASSESS else ASSESS), model.marks(stage)
        for key, said in earlier.items():
            mine = own.get(key, NOTHING)
            claim = said.not_applicable and stage == ASSESS
            if said.blank or claim or not mine.blank or not model.in_reach(actor, stage, key):
                continue
            model.history[stage].setdefault(key, []).append(replace(said, remark=mine.remark))

    @rule(actor=ACTOR, action=ACTION, reason=st.sampled_from(["理由", "理由", "理由", "", "长" * 1001]), named=NAMED)
    def move(self, actor, action, reason, named):
        self.take(actor, action, reason, named)

    @rule(named=NAMED, away=AWAY)
    def come_forward(self, named, away):
        """All that leads to the next state, so that histories do not stay at the start."""
        if self.model.state == "final":
            self.take("right", "reopen", "理由", named)
            return
        self.fill(1, away)
        if self.model.state == "assessing":
            for name in NAMES:
                self.sign("right", name, signing=True)
        edges = EDGES[self.model.stages]
        (onward,) = (action for state, action in edges if state == self.model.state and action not in BACK)
        self.take("right", onward, "", ())

    @rule(named=SOME)
    def go_back(self, named):
        back = {"assessing": "send_back", "reviewing": "send_back", "final": "reopen"}
        self.take("right", back.get(self.model.state, "send_back"), "理由", named)

    @rule(
        key=st.sampled_from([*ASKED]),
        text=st.sampled_from(["", "0", "1.5", "0.5"]),
        who=st.sampled_from(["right", "clerk", "staff_assessor"]),
        lag=st.sampled_from([0, 0, 0, 1, 2]),
    )
    def mend(self, key, text, who, lag):
        """One item, well typed, by somebody who at times may."""
        asked = ASKED[key]
        counts = {one.key: "0" if text == "0.5" else "3" for one in asked.base + asked.bonus}
        claims = None
        if asked.claimed:
            counts, claims = {}, {"": None, "0": ()}.get(text, tuple(RIGHT_CLAIMS[1:3]))
        self.save(who, "right", [Typed(key, text, counts, version=lag, claims=claims)])

    def take(self, actor, action, reason, named):
        model = self.model
        actor = self.right_actor() if actor == "right" else actor
        edge = EDGES[model.stages].get((model.state, action))
        expected = self.objections(edge, actor, action, reason, named)
        if not self.attempt(
            expected,
            lambda: services.move(self.people[actor], self.assessment, action, reason=reason, items=named),
        ):
            return
        source, target = STAGE_OF.get(model.state), STAGE_OF.get(edge[0])
        model.steps.append((action, model.state, edge[0], actor))
        model.state = edge[0]
        if action not in BACK:
            model.limited[source] = None
        if target:
            model.limited[target] = set(named) or None
        if action in BACK and target != REVIEW:
            opened = named or ASKED
            model.signed -= {name for name in NAMES if any(NAMES[name] & set(ASKED[key].offices) for key in opened)}

    def objections(self, edge, actor, action, reason, named):
        model = self.model
        if edge is None:
            return {WrongState}
        if actor not in edge[1]:
            return {Forbidden}
        stage = STAGE_OF.get(model.state)
        bad = len(reason) > 1000 or (action in BACK and not reason) or not set(named) <= set(ASKED)
        if action not in BACK:
            bad = bad or bool(named) or bool(sums_of(model.marks(stage)).missing)
            own = model.marks(SELF)
            bad = bad or any(
                said.not_applicable and not own.get(key, NOTHING).not_applicable
                for key, said in model.marks(stage).items()
            )
            bad = bad or (stage == ASSESS and model.signed != {"office", "staff"})
        return {Refused} if bad else set()

    @rule(actor=ACTOR, name=st.sampled_from(["office", "staff"]), signing=st.sampled_from([True, True, False]))
    def sign_off_or_take_back(self, actor, name, signing):
        self.sign(actor, name, signing)

    def sign(self, actor, name, signing):
        model = self.model
        actor = self.right_actor() if actor == "right" else actor
        expected = model.writes(actor, ASSESS)
        if expected is None and actor not in SIGNERS[name]:
            expected = Forbidden
        if expected is None and signing == (name in model.signed):
            expected = WrongState
        missing = sums_of(model.marks(ASSESS)).missing
        if expected is None and signing and any(NAMES[name] & set(ASKED[key].offices) for key in missing):
            expected = Refused
        act = services.sign_off if signing else services.take_back
        department = getattr(self.cast, name)
        if self.attempt({expected} - {None}, lambda: act(self.people[actor], self.assessment, department)):
            (model.signed.add if signing else model.signed.discard)(name)

    @rule(away=st.booleans(), kind=st.sampled_from(["township", "system"]))
    def tree_moves(self, away, kind):
        """Whatever happens to the tree, the running assessment keeps its own copy (18)."""
        cast = self.cast
        move_organization(None, cast.township, cast.other_county if away else cast.county)
        now = Organization.objects.get(pk=cast.township.pk)
        edit_organization(None, now, now.name, make.kind(kind), now.level)
        self.changed = True

    # --- What must hold after each step ---

    @invariant()
    def what_was_changed_holds(self):
        """A refusal left all rows as they were, as `attempt` has seen, and the model too: what held still holds."""
        if not self.changed:
            return
        self.changed = False
        self.frozen_columns_stay()
        now = self.cast.now()
        self.log_leads_to_the_state(now)
        self.departments_have_signed()
        self.sheets_are_those_of_the_model(now)
        self.every_revision_is_kept()
        self.the_roll_up_counts_what_is_final()

    def frozen_columns_stay(self):  # 11, 18
        assert self.fixed_columns() == self.frozen
        parents = dict(Organization.objects.values_list("pk", "parent"))
        for key, path in Organization.objects.values_list("pk", "path"):
            above, steps = parents[key], [key]
            while above is not None:
                steps.append(above)
                above = parents[above]
            assert path == "".join(f"{one:09d}" for one in reversed(steps))

    def log_leads_to_the_state(self, now):  # 8, 16
        assert now.state == self.model.state
        assert breaks(now) == []
        names = {person.pk: name for name, person in self.people.items()}
        steps = Step.objects.filter(assessment=now).order_by("number")
        told = [(step.action, step.source, step.target, names[step.by_id]) for step in steps]
        assert told == self.model.steps

    def departments_have_signed(self):
        signed = Signoff.objects.filter(sheet__assessment=self.assessment, sheet__stage=ASSESS)
        assert set(signed.values_list("department", flat=True)) == {
            getattr(self.cast, name).pk for name in self.model.signed
        }

    def sheets_are_those_of_the_model(self, now):  # 1, 2, 4, 5, 9, 10, 11
        current = STAGE_OF.get(self.model.state)
        sheets = {sheet.stage: sheet for sheet in Sheet.objects.filter(assessment=now)}
        for sheet in sheets.values():
            marks = self.model.marks(sheet.stage)
            assert stored_marks(sheet) == marks
            sums = sums_of(marks)
            told = (sheet.base, sheet.bonus, sheet.applicable, sheet.points, sheet.band_rank)
            assert told == (sums.base, sums.bonus, sums.applicable, sums.points, sums.band)
            assert (sheet.scored, sheet.required) == (sums.scored, sums.required)
            check_kernel(now, marks, sums)
            if sheet.stage == current:
                assert sheet.closed_at is None
        order = [SELF, ASSESS, REVIEW][: self.model.stages]
        finished = order if current is None else order[: order.index(current)]
        last = sheets[finished[-1]] if finished else None
        official = (last.stage, last.points, last.band_rank, last.applicable) if last else ("", None, None, None)
        assert (now.official_stage, now.points, now.band_rank, now.applicable) == official
        reached = {stage: sheet.points for stage, sheet in sheets.items() if stage in finished}
        assert (now.self_points, now.assess_points, now.review_points) == tuple(
            map(reached.get, (SELF, ASSESS, REVIEW))
        )
        for stage in finished:
            assert sheets[stage].closed_at is not None
            assert not sums_of(self.model.marks(stage)).missing

    def the_roll_up_counts_what_is_final(self):
        if self.model.state != "final" and not self.counted:
            return
        self.counted = self.model.state == "final"
        cycle = self.cast.cycle
        for what in What:
            anew = counted(what, FIELDS, cycle.assessments.all())
            assert make.summed(rolled_up(cycle, what, FIELDS)) == make.summed(anew)

    def every_revision_is_kept(self):  # 10, 16
        revisions = MarkRevision.objects.filter(sheet__assessment=self.assessment).order_by("version")
        names = {person.pk: name for name, person in self.people.items()}
        told = {}
        for stage, key, version, by in revisions.values_list("sheet__stage", "item__key", "version", "by"):
            assert names[by] in WRITERS[stage]
            if names[by] in OFFICES_OF:
                assert OFFICES_OF[names[by]] & set(ASKED[key].offices)
            told.setdefault(stage, {}).setdefault(key, []).append(version)
        expected = {stage: versions for stage, versions in self.model.history.items() if versions}
        assert told == {
            stage: {key: list(range(1, len(said) + 1)) for key, said in versions.items()}
            for stage, versions in expected.items()
        }


def stored_marks(sheet):
    counts = {}
    for mark, key, quantity in Count.objects.filter(mark__sheet=sheet).values_list("mark", "measure__key", "quantity"):
        counts.setdefault(mark, {})[key] = quantity
    claims = {}
    for one in Claim.objects.filter(mark__sheet=sheet).select_related("measure"):
        claims.setdefault(one.mark_id, []).append((one.measure.key, one.day, one.occasion))
    found = {}
    for mark in Mark.objects.filter(sheet=sheet).select_related("item"):
        asked = ASKED[mark.item.key]
        given = tuple(
            (one.key, counts[mark.pk][one.key])
            for one in asked.base + asked.bonus
            if one.key in counts.get(mark.pk, {})
        )
        claimed = tuple(claims.get(mark.pk, ()))
        found[mark.item.key] = Said(mark.points, given, mark.not_applicable, mark.reason, mark.remark, claimed)
    return found


def check_kernel(assessment, marks, sums):
    """The kernel's own account of the sheet agrees, part by part, and raising an item never lowers it (3, 4, 6)."""
    contents = {k: Content(s.points, dict(s.counts), s.not_applicable, s.reason, s.remark) for k, s in marks.items()}
    total = total_of(assessment, contents)
    assert sum(section.base for section in total.sections) == total.base == sums.base
    for section in total.sections:
        assert sum(group.base for group in section.groups) == section.base
        for group in section.groups:
            assert 0 <= group.base <= group.full
    for score in total.items:
        if score.item.bonus and score.item.bonus.cap is not None:
            assert 0 <= score.bonus_allowed <= score.item.bonus.cap
    for key, said in marks.items():
        if said.points is not None and said.points + D("0.5") <= D(ASKED[key].points):
            raised = contents | {key: replace(contents[key], points=said.points + D("0.5"))}
            assert total_of(assessment, raised).points > total.points
            break


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.long
@pytest.mark.parametrize("stages", [2, 3])
def test_histories(stages):
    bands = [(rank, f"{rank}星", str(lower)) for rank, lower in BANDS]
    cast = make.cast(rubric=make.small_rubric(stages=stages, bands=bands, items=make.EVERY_CLAIM))
    turncoat = make.person((cast.township, Role.CLERK), (cast.county, Role.ASSESSOR), (cast.city, Role.REVIEWER))
    Histories.cast, Histories.people = cast, {**cast.everyone, "turncoat": turncoat}
    # with those of tests/assessments/year they are 300
    run_state_machine_as_test(Histories, settings=settings(max_examples=50, stateful_step_count=40))

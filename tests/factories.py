"""What tests need to exist, made in one line each.

People and rubrics are written straight into the tables where their services would only cost time; the tree, cycles,
marks and moves go through the services, as those are what rights and numbers depend on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import count as counting
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from assessments import services
from assessments.models import (
    Assessment,
    Claim,
    Count,
    Cycle,
    Evidence,
    Mark,
    MarkRevision,
    Notice,
    Sheet,
    Signoff,
    Step,
)
from assessments.permissions import marked_departments, may_mark
from assessments.queries import departments_of
from assessments.services import publishing
from assessments.services.cycles import printed_total
from assessments.workflow import WRITERS, Action, Party, Stage, State
from orgs.models import Department, Level, Membership, Organization, OrganizationKind, User
from orgs.roles import Role
from orgs.services import create_organization, set_industrial_union
from rubrics.models import (
    Audience,
    Band,
    BaseRule,
    BonusRule,
    Cap,
    Column,
    ColumnSource,
    Document,
    Electorate,
    Gate,
    Group,
    Item,
    Measure,
    MeasureRole,
    Office,
    Responsibility,
    Rubric,
    Section,
    Tier,
    TotalPolicy,
)
from rubrics.rows import MeasureRow, Row, rows
from rubrics.scoring.numbers import format_points
from tests.remembering import remembered

FIXTURES = (
    "kinds",
    "shenyang_six_good",
    "county_annexes",
    "six_special_actions",
    "guyuan_annual_inspection",
    "jiangsu_model_home",
)
SCORE_COLUMNS = (ColumnSource.SELF, ColumnSource.ASSESS, ColumnSource.REVIEW)

_numbers = counting(1)
D = Decimal


# --- Who there is -----------------------------------------------------------------------------------------------------


def kind(code: str = "township") -> OrganizationKind:
    return OrganizationKind.objects.get_or_create(code=code, defaults={"name": f"单位类别 {code}"})[0]


def organization(
    parent: Organization | None = None,
    kind: OrganizationKind | str = "township",
    level: str = Level.TOWNSHIP,
    name: str = "",
) -> Organization:
    """An organisation under `parent`, or a root."""
    if isinstance(kind, str):
        kind = globals()["kind"](kind)
    return create_organization(None, parent, name or f"工会{next(_numbers)}", kind, level)


def second_superior(organization: Organization, parent: Organization) -> Organization:
    """An industrial union under `parent`, as the second superior of the organisation."""
    union = globals()["organization"](parent, "union", Level.INDUSTRY)
    set_industrial_union(None, organization, union)
    organization.refresh_from_db()
    return union


def department(organization: Organization, name: str, aliases: str = "", position: int = 0) -> Department:
    return Department.objects.create(organization=organization, name=name, aliases=aliases, position=position)


Post = tuple[Organization, str] | tuple[Organization, str, Department]


def person(*posts: Post, name: str = "", **fields: Any) -> User:
    """Somebody with these posts: `person((county, Role.ASSESSOR), (county, Role.DEPARTMENT_ASSESSOR, office))`.

    Has no password: log in with `client.force_login`.
    """
    number = next(_numbers)
    user = User.objects.create(username=f"person{number}", full_name=name or f"职工{number}", **fields)
    Membership.objects.bulk_create(_membership(user, post) for post in posts)
    return user


def people(posts: Mapping[str, tuple[Post, ...]]) -> dict[str, User]:
    """Several at once, by what they are called in a test."""
    numbers = {name: next(_numbers) for name in posts}
    users = User.objects.bulk_create(
        User(username=f"person{number}", full_name=f"职工{number}") for number in numbers.values()
    )
    found = dict(zip(posts, users, strict=True))
    Membership.objects.bulk_create(_membership(found[name], post) for name, held in posts.items() for post in held)
    return found


def _membership(user: User, post: Post) -> Membership:
    organization, role, *rest = post
    return Membership(user=user, organization=organization, role=role, department=next(iter(rest), None))


def again(user: User) -> User:
    """The same person at their next request: rights are read anew."""
    return User.objects.get(pk=user.pk)


# --- What is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """A measure of an item, in one line. `tiers` are (bound, points)."""

    key: str
    amount: str
    unit: str = "次"
    per: str = "1"
    above: str = "0"
    step: str = "1"
    label: str = ""
    office: str = ""
    tiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """An item of a rubric, in one line. `base` and `bonus` measure its rules; `limit` names a common cap."""

    key: str
    points: str | None = None
    rule: str = BaseRule.JUDGED
    base: tuple[Counted, ...] = ()
    bonus_rule: str = BonusRule.NONE
    bonus: tuple[Counted, ...] = ()
    cap: str | None = None
    offices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    group: int | None = None
    electorate: str = Electorate.NONE
    text: str = ""
    floor: str | None = None
    needed: int | None = None
    gate: str = Gate.NONE
    limit: str = ""
    claimed: bool = False


OFFICE, STAFF, PRESS = "办公室", "组织部", "宣传部"

EVERY_RULE = (
    Asked("1-1", "5", offices=(OFFICE,)),
    Asked("1-2", "3", offices=(OFFICE,), electorate=Electorate.MEMBERS),
    Asked("1-3", "4", BaseRule.DEDUCT_PER_UNIT, (Counted("absent", "0.5"),), offices=(OFFICE,)),
    Asked(
        "2-1",
        "12",
        BaseRule.SUM_OF_PARTS,
        (Counted("rate", "8", "分", step="0.5"), Counted("team", "4", "分", step="0.5")),
        offices=(STAFF,),
    ),
    Asked(
        "2-2",
        "6",
        bonus_rule=BonusRule.ADD_PER_UNIT,
        bonus=(Counted("contracts", "0.2", "份"),),
        offices=(STAFF,),
    ),
    Asked(
        "2-3",
        "7",
        bonus_rule=BonusRule.ADD_PER_UNIT,
        bonus=(Counted("yuan", "0.2", "元", per="1000", above="4000"),),
        cap="2",
        offices=(STAFF, PRESS),
    ),
    Asked("2-4", "3", kinds=("system",), offices=(STAFF,)),
    Asked("3-1", "1.5", group=1),
    Asked("3-2", "1.5", group=1),
    Asked(
        "3-3",
        bonus_rule=BonusRule.HIGHEST_LEVEL,
        bonus=(Counted("city", "2"), Counted("province", "3"), Counted("nation", "5")),
        rule=BaseRule.NONE,
        cap="5",
    ),
)
"""Every rule of the kernel once. 40 points for townships, 43 for systems, before the bonus."""

EVERY_CLAIM = tuple(replace(one, claimed=one.key == "3-3") for one in EVERY_RULE)
"""The same, but what is shared with others is claimed one by one."""

RATE = {"unit": "%", "step": "0.01"}
CONDITION = {"amount": "0", "unit": ""}

EVERY_KIND = (
    Asked("1-1", "15", offices=(OFFICE,), text="健全工会组织，按期换届，班子配备齐全。"),
    Asked(
        "1-2",
        "4",
        BaseRule.DEDUCT_PER_UNIT,
        (Counted("absent", "0.5", label="缺席"),),
        offices=(OFFICE,),
        floor="-2",
        text="按时参加上级工会会议，每缺席一次扣0.5分，最多倒扣2分。",
    ),
    Asked(
        "1-3",
        "12",
        BaseRule.SUM_OF_PARTS,
        (
            Counted("rate", "8", "分", step="0.5", label="职代会"),
            Counted("team", "4", "分", step="0.5", label="厂务公开"),
        ),
        offices=(STAFF,),
        text="职代会制度健全得8分；厂务公开规范得4分。",
    ),
    Asked(
        "2-1",
        "10",
        BaseRule.TIERS,
        (Counted("built", "0", label="建家率", tiers=(("80", "10"), ("70", "7"), ("60", "4")), **RATE),),
        offices=(STAFF,),
        text="建家率达到80%得10分，70%得7分，60%得4分。",
    ),
    Asked(
        "2-2",
        "6",
        BaseRule.TIERS_DOWN,
        (Counted("letters", "0", "件", label="越级上访", tiers=(("0", "6"), ("2", "3"))),),
        text="无越级上访得6分，不超过2件得3分。",
    ),
    Asked(
        "2-3",
        "10",
        BaseRule.RATE,
        (Counted("trained", "0", label="培训面", per="80", **RATE),),
        text="培训面达到80%得满分，不足的按完成率计分。",
    ),
    Asked(
        "2-4",
        "8",
        BaseRule.N_OF_M,
        tuple(
            Counted(f"c{n}", label=f"有{what}", **CONDITION) for n, what in enumerate(("组织", "制度", "阵地", "经费"))
        ),
        needed=3,
        offices=(OFFICE,),
        text="有组织、有制度、有阵地、有经费，具备其中三项得8分。",
    ),
    Asked(
        "2-5",
        "10",
        BaseRule.LEVELS,
        tuple(
            Counted(key, points, "", label=label)
            for key, points, label in (
                ("a", "10", "优秀"),
                ("b", "8", "良好"),
                ("c", "5", "合格"),
                ("d", "0", "不合格"),
            )
        ),
        text="台账资料：优秀10分，良好8分，合格5分，不合格不得分。",
    ),
    Asked(
        "3-1",
        "25",
        BaseRule.SEVERAL_SCORERS,
        (
            Counted("office", "60", "分", step="0.5", label=OFFICE, office=OFFICE),
            Counted("staff", "40", "分", step="0.5", label=STAFF, office=STAFF),
        ),
        offices=(OFFICE, STAFF),
        text="重点工作完成情况，由办公室（占60%）和组织部（占40%）共同评分。",
    ),
    Asked(
        "4-1",
        rule=BaseRule.NONE,
        bonus_rule=BonusRule.ADD_PER_UNIT,
        bonus=(Counted("papers", "1", "篇", label="经验材料"),),
        limit="奖惩",
        text="经验材料被上级采用的，每篇加1分。",
    ),
    Asked(
        "4-2",
        rule=BaseRule.NONE,
        bonus_rule=BonusRule.TAKE_PER_UNIT,
        bonus=(Counted("late", "0.5", label="迟报"),),
        limit="奖惩",
        text="报表迟报的，每次扣0.5分；与加分累计不超过3分，最多扣2分。",
    ),
    Asked(
        "4-3",
        rule=BaseRule.NONE,
        bonus_rule=BonusRule.TAKE_PER_UNIT,
        bonus=(Counted("blamed", "2", label="通报批评"),),
        floor="-5",
        text="被上级通报批评的，每次扣2分，最多扣5分。",
    ),
    Asked("5-1", rule=BaseRule.NONE, gate=Gate.REQUIRED, text="依法取得工会法人资格。"),
    Asked("5-2", rule=BaseRule.NONE, gate=Gate.VETO, text="发生重大安全生产责任事故的。"),
    Asked("5-3", rule=BaseRule.NONE, gate=Gate.VETO_TOP, text="工会经费收缴排名末位的。"),
)
"""Every kind of row that a rubric may have: 100 base points, a common limit over 4-1 and 4-2, three gates."""

STARS = ((5, "五星", "90"), (4, "四星", "80"), (3, "三星", "70"), (2, "二星", "60"), (1, "一星", "0"))


def document(slug: str = "") -> Document:
    slug = slug or f"doc{next(_numbers)}"
    return Document.objects.get_or_create(slug=slug, defaults={"title": f"文件 {slug}"})[0]


@remembered
def small_rubric(
    *,
    stages: int = 3,
    items: Iterable[Asked] = EVERY_RULE,
    kinds: Collection[str] = ("township", "system"),
    declared: str | None = None,
    published: bool = True,
    bands: Iterable[tuple[int, str, str]] = (),
    document: Document | None = None,
    caps: Iterable[tuple[str, str | None, str | None]] = (),
    **fields: Any,
) -> Rubric:
    """A rubric of these items; an item's section is what stands before the hyphen of its key.

    caps  common limits: (name, most, least)
    """
    number = next(_numbers)
    rubric = Rubric.objects.create(
        document=document or globals()["document"](),
        code=fields.pop("code", f"small{number}"),
        title=fields.pop("title", f"考核标准{number}"),
        declared_total=None if declared is None else D(declared),
        published_at=timezone.now() if published else None,
        **fields,
    )
    made = Audience.objects.bulk_create(Audience(rubric=rubric, kind=code, label=code) for code in kinds)
    audiences = dict(zip(kinds, made, strict=True))
    text = Column(rubric=rubric, position=1, source=ColumnSource.TEXT, heading="考核内容", width=80)
    scores = (
        Column(rubric=rubric, position=position, source=source, heading=str(source.label), width=15)
        for position, source in enumerate(SCORE_COLUMNS[:stages], 2)
    )
    Column.objects.bulk_create((text, *scores))
    for rank, name, lower in bands:
        Band.objects.create(rubric=rubric, rank=rank, name=name, lower=D(lower))
    for cap, most, least in caps:
        Cap.objects.create(rubric=rubric, name=cap, most=most and D(most), least=least and D(least))
    _write_items(rubric, tuple(items), audiences)
    return rubric


def rubric_of_every_kind(*, stages: int = 3, **options: Any) -> Rubric:
    """A rubric with every kind of row, and stars."""
    options = {"bands": STARS, "caps": (("奖惩", "3", "-2"),), "title": "各类评分规则考核标准", **options}
    return small_rubric(items=EVERY_KIND, stages=stages, **options)


def long_rubric(items: int, *, stages: int = 3, **options: Any) -> Rubric:
    """A rubric of this many judged items of two points each."""
    asked = (Asked(f"{number // 10 + 1}-{number % 10 + 1}", "2") for number in range(items))
    return small_rubric(items=asked, stages=stages, **options)


def _write_items(rubric: Rubric, items: tuple[Asked, ...], audiences: Mapping[str, Audience]) -> None:
    """Table by table: most tests need a rubric."""
    heads = list(dict.fromkeys(asked.key.split("-")[0] for asked in items))
    sections = Section.objects.bulk_create(
        Section(rubric=rubric, position=place, name=f"项目{head}", label=f"项目{head}")
        for place, head in enumerate(heads, 1)
    )
    section = dict(zip(heads, sections, strict=True))
    worth: dict[int, Decimal] = {}
    where: dict[int, Section] = {}
    for asked in items:
        if asked.group is not None:
            worth[asked.group] = worth.get(asked.group, D(0)) + D(asked.points or 0)
            where.setdefault(asked.group, section[asked.key.split("-")[0]])
    groups = Group.objects.bulk_create(
        Group(section=where[number], position=number, points=points) for number, points in worth.items()
    )
    group = dict(zip(worth, groups, strict=True))
    names = dict.fromkeys(
        name for asked in items for name in (*asked.offices, *(one.office for one in asked.base if one.office))
    )
    offices = dict(
        zip(names, Office.objects.bulk_create(Office(rubric=rubric, name=name) for name in names), strict=True)
    )
    caps = {cap.name: cap for cap in Cap.objects.filter(rubric=rubric)}
    written = Item.objects.bulk_create(
        Item(
            rubric=rubric,
            section=section[asked.key.split("-")[0]],
            group=group.get(asked.group) if asked.group is not None else None,
            position=position,
            key=asked.key,
            number=f"{position}.",
            text=asked.text or f"考核内容 {asked.key}",
            points=None if asked.points is None else D(asked.points),
            printed_points=f"{asked.points}分" if asked.points else "",
            rule=asked.rule,
            bonus_rule=asked.bonus_rule,
            bonus_cap=None if asked.cap is None else D(asked.cap),
            electorate=asked.electorate,
            floor=None if asked.floor is None else D(asked.floor),
            needed=asked.needed,
            gate=asked.gate,
            claimed=asked.claimed,
            cap=caps[asked.limit] if asked.limit else None,
        )
        for position, asked in enumerate(items, 1)
    )
    pairs = list(zip(written, items, strict=True))
    Item.audiences.through.objects.bulk_create(
        Item.audiences.through(item=item, audience=audiences[code]) for item, asked in pairs for code in asked.kinds
    )
    Responsibility.objects.bulk_create(
        Responsibility(item=item, office=offices[name], position=place)
        for item, asked in pairs
        for place, name in enumerate(asked.offices)
    )
    measures = [(measure, one) for item, asked in pairs for measure, one in _measures(item, asked, offices)]
    kept = Measure.objects.bulk_create(measure for measure, _one in measures)
    Tier.objects.bulk_create(
        Tier(measure=measure, bound=D(bound), points=D(points))
        for measure, (_made, one) in zip(kept, measures, strict=True)
        for bound, points in one.tiers
    )


def _measures(item: Item, asked: Asked, offices: Mapping[str, Office]) -> Iterator[tuple[Measure, Counted]]:
    measures = [(MeasureRole.BASE, one) for one in asked.base] + [(MeasureRole.BONUS, one) for one in asked.bonus]
    if asked.gate:
        measures.append((MeasureRole.GATE, Counted("gate", "0", unit="")))
    for position, (role, one) in enumerate(measures):
        measure = Measure(
            item=item,
            position=position,
            key=one.key,
            role=role,
            label=one.label or f"数量 {one.key}",
            unit=one.unit,
            amount=D(one.amount),
            per=D(one.per),
            above=D(one.above),
            step=D(one.step),
            office=offices[one.office] if one.office else None,
        )
        yield measure, one


@remembered
def load_rubrics() -> None:
    """The fifteen rubrics of the source documents and the kinds. Takes seconds: ask for it once per module."""
    call_command("loaddata", *FIXTURES, verbosity=0)


# --- Who is assessed with what ----------------------------------------------------------------------------------------

DEADLINES = {
    "self_deadline": date(2026, 3, 31),
    "assess_deadline": date(2026, 6, 30),
    "review_deadline": date(2026, 9, 30),
}


def plan_for(
    owner: Organization,
    choices: Mapping[str, Rubric | services.Choice | None],
    *,
    branch: Organization | None = None,
    **changes: Any,
) -> services.Plan:
    """A plan for a cycle. `choices` is by kind code; of a bare rubric, totals are read as printed."""
    picked = {kind(code).pk: _choice(rubric) for code, rubric in choices.items()}
    first = next((choice.rubric for choice in picked.values() if choice.rubric), None)
    values: dict[str, Any] = {
        "name": f"考核活动{next(_numbers)}",
        "year": 2026,
        "owner": owner,
        "branch": branch or owner,
        "document": first.document if first else document(),
        "choices": picked,
        **DEADLINES,
    }
    return services.Plan(**values | changes)


def _choice(rubric: Rubric | services.Choice | None) -> services.Choice:
    if isinstance(rubric, services.Choice):
        return rubric
    if rubric is None:
        return services.Choice(None)
    agrees = rubric.declared_total in (None, printed_total(rubric))
    return services.Choice(rubric, "" if agrees else TotalPolicy.AS_PRINTED)


def open_cycle_for(
    owner: Organization,
    choices: Mapping[str, Rubric | None],
    *,
    by: User | None = None,
    branch: Organization | None = None,
    **changes: Any,
) -> Cycle:
    """A running cycle of `owner`; kinds of the branch that `choices` does not name are left out on purpose."""
    present = Organization.objects.filter(path__startswith=(branch or owner).path).values_list("kind__code", flat=True)
    every = dict.fromkeys(present.order_by().distinct(), None) | dict(choices)
    opener = by or person((owner, Role.ADMIN))
    return services.open_cycle(opener, plan_for(owner, every, branch=branch, **changes))


@dataclass
class Cast:
    """One small tree with a running cycle and somebody in every role.

    city (owner, reviewer) -> county (assessor) -> township (assessed) and neighbour (assessed too)
                           -> other_county -> other_township, where the stranger works
    """

    city: Organization
    county: Organization
    township: Organization
    neighbour: Organization
    other_county: Organization
    other_township: Organization
    rubric: Rubric
    cycle: Cycle
    assessment: Assessment
    office: Department
    staff: Department
    clerk: User
    chair: User
    department_assessor: User
    staff_assessor: User
    assessor: User
    reviewer: User
    admin: User
    auditor: User
    stranger: User
    superuser: User
    unposted: User = field(repr=False)

    @property
    def everyone(self) -> dict[str, User]:
        """All people by their name in the cast."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}

    def now(self) -> Assessment:
        """The assessment as the next request finds it."""
        return Assessment.objects.select_related("rubric", "kind", "cycle").get(pk=self.assessment.pk)

    def writer(self, stage: Stage) -> User:
        """Who may write all of the stage's sheet."""
        return {Stage.SELF: self.chair, Stage.ASSESS: self.assessor, Stage.REVIEW: self.reviewer}[stage]

    def mover(self, party: Party) -> User:
        return {Party.UNIT: self.chair, Party.ASSESSOR: self.assessor, Party.REVIEWER: self.reviewer}[party]


@remembered
def cast(*, stages: int = 3, rubric: Rubric | None = None, kind: str = "township") -> Cast:
    """The cast around a rubric, by default the small one with every rule and this many stages."""
    rubric = rubric or small_rubric(stages=stages)
    city = organization(None, "city", Level.CITY)
    county = organization(city, "county", Level.COUNTY)
    other_county = organization(city, "county", Level.COUNTY)
    township, neighbour = organization(county, kind), organization(county, kind)
    other_township = organization(other_county, kind)
    office, staff = department(county, OFFICE, position=1), department(county, "组织人事部", STAFF, position=2)
    found = people(
        {
            "clerk": ((township, Role.CLERK),),
            "chair": ((township, Role.CHAIR),),
            "department_assessor": ((county, Role.DEPARTMENT_ASSESSOR, office),),
            "staff_assessor": ((county, Role.DEPARTMENT_ASSESSOR, staff),),
            "assessor": ((county, Role.ASSESSOR),),
            "reviewer": ((city, Role.REVIEWER),),
            "admin": ((city, Role.ADMIN),),
            "auditor": ((city, Role.AUDITOR),),
            "stranger": (
                (other_township, Role.CLERK),
                (other_township, Role.CHAIR),
                (other_county, Role.ASSESSOR),
                (other_county, Role.REVIEWER),
                (other_county, Role.ADMIN),
            ),
            "unposted": (),
        }
    )
    cycle = open_cycle_for(city, {kind: rubric}, by=found["admin"])
    return Cast(
        city=city,
        county=county,
        township=township,
        neighbour=neighbour,
        other_county=other_county,
        other_township=other_township,
        rubric=Rubric.objects.get(pk=rubric.pk),
        cycle=cycle,
        assessment=Assessment.objects.select_related("rubric", "kind").get(cycle=cycle, organization=township),
        office=office,
        staff=staff,
        superuser=person(is_staff=True, is_superuser=True),
        **found,
    )


# --- What is done -----------------------------------------------------------------------------------------------------


def version_of(assessment: Assessment, stage: Stage, key: str) -> int:
    mark = Mark.objects.filter(sheet__assessment=assessment, sheet__stage=stage, item__key=key).first()
    return mark.version if mark else 0


def typed(assessment: Assessment, stage: Stage, key: str, points: str = "", **said: Any) -> services.Typed:
    """What somebody types who sees the mark as it stands."""
    return services.Typed(key, points, version=said.pop("version", version_of(assessment, stage, key)), **said)


def save(by: User, assessment: Assessment, stage: Stage, key: str, points: str = "", **said: Any) -> services.Saved:
    """One item saved by somebody who sees the mark as it stands."""
    return services.save_marks(again(by), assessment, stage, [typed(assessment, stage, key, points, **said)])


def full_marks(row: Row) -> dict[str, Any]:
    """What earns all base points of an item, no bonus and no penalty, and opens a gate."""
    counts = {measure.key: _full_count(row, measure) for measure in row.measures if measure.role != MeasureRole.BONUS}
    return {"points": f"{row.points:f}" if row.rule == BaseRule.JUDGED else "", "counts": counts}


def _full_count(row: Row, measure: MeasureRow) -> str:
    if row.gate:
        return "1" if row.gate == Gate.REQUIRED else "0"
    full = {
        BaseRule.DEDUCT_PER_UNIT: D(0),
        BaseRule.SUM_OF_PARTS: measure.amount,
        BaseRule.TIERS: measure.tiers[0].bound if measure.tiers else D(0),
        BaseRule.TIERS_DOWN: measure.tiers[0].bound if measure.tiers else D(0),
        BaseRule.RATE: measure.per,
        BaseRule.N_OF_M: D(1),
        BaseRule.LEVELS: D(measure.amount == row.points),
        BaseRule.SEVERAL_SCORERS: row.points,
    }
    return format_points(full[BaseRule(row.rule)])


def fill(
    by: User, assessment: Assessment, stage: Stage, answer: Callable[[Row], Mapping[str, Any]] = full_marks
) -> services.Saved:
    """Marks every item of a sheet that the person may mark; `answer` says what is typed on a row."""
    assessment = Assessment.objects.select_related("rubric", "kind").get(pk=assessment.pk)
    by = again(by)
    departments = marked_departments(by, assessment)
    versions = dict(
        Mark.objects.filter(sheet__assessment=assessment, sheet__stage=stage).values_list("item__key", "version")
    )
    wanted = [
        services.Typed(key=row.key, version=versions.get(row.key, 0), **own_answer(answer(row), row, departments))
        for row in rows(assessment.rubric)
        if row.applies(assessment.kind.code) and (row.points is not None or row.gate) and may_mark(departments, row)
    ]
    return services.save_marks(by, assessment, stage, wanted)


def own_answer(said: Mapping[str, Any], row: Row, departments: Collection[str] | None) -> dict[str, Any]:
    """Without the points that only other departments give."""
    others = {one.key for one in row.measures if one.office and one.office not in (departments or {one.office})}
    counts = {key: text for key, text in said.get("counts", {}).items() if key not in others}
    return {**said, "counts": counts}


def sign_all(by: User, assessment: Assessment) -> None:
    """Signs the assess sheet off for every department that has not yet."""
    for status in departments_of(Assessment.objects.select_related("rubric", "kind").get(pk=assessment.pk)):
        if not status.signed:
            services.sign_off(again(by), assessment, Department.objects.get(pk=status.pk))


def finish_stage(cast: Cast, assessment: Assessment | None = None) -> Assessment:
    """Fills the open sheet, signs it off and moves the assessment on to its next state."""
    assessment = Assessment.objects.get(pk=(assessment or cast.assessment).pk)
    stage = WRITERS[State(assessment.state)].stage
    by = cast.writer(stage)
    fill(by, assessment, stage)
    if stage == Stage.ASSESS:
        sign_all(by, assessment)
    onward = {
        State.SELF_SCORING: Action.SUBMIT,
        State.ASSESSING: Action.FORWARD if assessment.stages == 3 else Action.CONFIRM,
        State.REVIEWING: Action.CONFIRM,
    }
    return services.move(again(by), assessment, onward[State(assessment.state)])


@remembered
def bring_to(cast: Cast, state: State) -> Assessment:
    """Brings the assessment forward to a state with every mark full."""
    assessment = cast.now()
    if state == State.WITHDRAWN:
        services.move(again(cast.admin), assessment, Action.WITHDRAW, reason="已撤销")
    while state not in (assessment.state, State.WITHDRAWN):
        assessment = finish_stage(cast)
    return cast.now()


@remembered
def finish_cycle(cast: Cast) -> None:
    """Brings the cast's assessment to its result; the others, where it has nobody to fill them in, leave the cycle."""
    if cast.now().state != State.WITHDRAWN:
        bring_to(cast, State.FINAL)
    for other in Assessment.objects.filter(cycle=cast.cycle).exclude(state__in=(State.FINAL, State.WITHDRAWN)):
        services.move(again(cast.admin), other, Action.WITHDRAW, reason="本年度撤并")


@remembered
def publish_cycle(cast: Cast, **said: Any) -> Notice:
    """The cycle's results on public notice from today; `said` is what the notice says otherwise."""
    finish_cycle(cast)
    words = {"title": "关于年检结果的公示", "body": "现予公示。", "contact": "市总工会组织部，电话12345"}
    correction = {"reason": "更正"} if cast.cycle.snapshots.exists() else {}
    said = {"starts_on": timezone.localdate(), **words, **correction, **said}
    return publishing.publish(again(cast.reviewer), cast.cycle, **said)


def run_out(notice: Notice) -> Notice:
    """The notice as if its window had ended yesterday: time passes faster than a test waits."""
    over = timezone.localdate() - notice.ends_on + timedelta(days=-1)
    days = {name: getattr(notice, name) + over for name in ("starts_on", "ends_on")}
    QuerySet(Notice).filter(pk=notice.pk).update(**days)
    return Notice.objects.get(pk=notice.pk)


def closed(cast: Cast) -> Cycle:
    """The cycle published, its notice over, and closed."""
    run_out(publish_cycle(cast))
    return publishing.close_cycle(again(cast.reviewer), cast.cycle)


def snapshot(assessment: Assessment) -> dict[str, list[Any]]:
    """Everything stored about an assessment, as the database has it, to be compared before and after."""
    with connection.cursor() as cursor:
        found = {}
        for name, sql in _everything_of_one().items():
            cursor.execute(sql, [assessment.pk])
            found[name] = cursor.fetchall()
    return found


@cache
def _everything_of_one() -> dict[str, str]:
    """SQL by table, each asking for the key of an assessment: random histories ask so often that making it counts."""
    sheets = {"sheet__assessment": 0}
    tables: dict[str, QuerySet[Any]] = {
        "assessment": Assessment.objects.filter(pk=0),
        "sheets": Sheet.objects.filter(assessment=0),
        "marks": Mark.objects.filter(**sheets),
        "counts": Count.objects.filter(mark__sheet__assessment=0),
        "claims": Claim.objects.filter(mark__sheet__assessment=0),
        "revisions": MarkRevision.objects.filter(**sheets),
        "signoffs": Signoff.objects.filter(**sheets),
        "evidence": Evidence.objects.filter(**sheets),
        "steps": Step.objects.filter(assessment=0),
        "named": Step.items.through.objects.filter(step__assessment=0),
    }
    return {name: rows.order_by("pk").values_list().query.sql_with_params()[0] for name, rows in tables.items()}


def summed(figures: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """Figures of the roll-up, how many of each; what came and went is not there."""
    found: Counter[tuple[Any, ...]] = Counter()
    for *key, number in figures:
        found[tuple(key)] += number
    return {key: number for key, number in found.items() if number}

"""How an assessment comes to where the demo shows it: the same steps that people take, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.demo.files import evidence_file
from assessments.demo.marking import HALF, full_points, judged_marks, lot, self_marks
from assessments.demo.sites import Stand, Unit
from assessments.demo.words import MENDED, phrase_for
from assessments.models import Assessment
from assessments.queries import departments_of
from assessments.services import Typed, attach, move, save_marks, sign_off
from assessments.workflow import THREE, Action, Stage
from orgs.models import Department, User
from orgs.roles import Role
from rubrics.models import BaseRule
from rubrics.rows import Row, rows

Roster = Mapping[tuple[int, Role, str], User]
"""Who holds a post: by organisation key, role, and name of the department."""


@dataclass(frozen=True, slots=True)
class Story:
    """One assessment's. `mended` ones went back once on their way."""

    assessment: Assessment
    unit: Unit
    roster: Roster
    mended: bool

    def tell(self, stand: Stand) -> None:
        if stand == Stand.BLANK:
            return
        marks = self._fill_in(whole=stand > Stand.PARTLY)
        if stand >= Stand.SUBMITTED:
            self._submit()
        if stand == Stand.SENT_BACK:
            self._send_back()
            return
        if stand > Stand.SENT_BACK:
            self._judge(marks, stand)

    def _judge(self, marks: list[Typed], stand: Stand) -> None:
        if self.mended:
            marks = self._mend(marks, self._send_back())
        marks = self._assess(marks, whole=stand > Stand.MARKING)
        if stand < Stand.FORWARDED:
            return
        forward = Action.FORWARD if self.assessment.stages == THREE else Action.CONFIRM
        self._move(self._assessor, forward)
        if stand > Stand.FORWARDED and self.assessment.stages == THREE:
            self._review(marks, whole=stand == Stand.FINAL)

    # --- Self -----------------------------------------------------------------------------------------------------

    def _fill_in(self, whole: bool) -> list[Typed]:
        marks = self_marks(self._lines, self._aim, self.unit.claims, lot(self.unit.name, "self"))
        written = marks if whole else marks[: len(marks) // 2]
        self._save(self._clerk, Stage.SELF, written)
        shown = [one.key for one in written if one.remark][:3]
        for key in shown:
            self._show(key)
        return marks

    def _submit(self) -> None:
        self._move(self._post(self.assessment.organization_id, Role.CHAIR), Action.SUBMIT)

    def _show(self, key: str) -> None:
        row = next(row for row in self._lines if row.key == key)
        name = phrase_for(row.text).shown
        upload = evidence_file(name, self.unit.name, lot(self.unit.name, key))
        attach(self._clerk, self.assessment, Stage.SELF, key, upload)

    def _send_back(self) -> tuple[str, ...]:
        """Sends two items back, with a reason that names them; returns their keys."""
        judged = [row for row in self._lines if row.rule == BaseRule.JUDGED and row.key not in self.unit.claims]
        rng = lot(self.unit.name, "back")
        first, second = sorted(rng.sample(range(len(judged)), 2))
        named = (judged[first], judged[second])
        wanting = "；".join(f"第{row.key}项：{phrase_for(row.text).found}" for row in named)
        keys = tuple(row.key for row in named)
        self._move(self._assessor, Action.SEND_BACK, f"{wanting}。请补充佐证材料后重新提交。", keys)
        return keys

    def _mend(self, marks: list[Typed], keys: Sequence[str]) -> list[Typed]:
        mended = [replace(one, remark=MENDED, version=1) for one in marks if one.key in keys]
        self._save(self._clerk, Stage.SELF, mended)
        self._submit()
        return marks

    # --- Assessment and review ------------------------------------------------------------------------------------

    def _assess(self, marks: list[Typed], whole: bool) -> list[Typed]:
        rng = lot(self.unit.name, "assess")
        excess = Decimal(rng.randrange(2, 9)) / 2
        if self._aim is not None:
            excess = sum((Decimal(one.points) for one in marks if one.points), Decimal(0)) - self._aim
        marks = judged_marks(self._lines, marks, excess, rng)
        departments = departments_of(self.assessment)
        if departments:
            left = self._mark_by_department([one.pk for one in departments], marks, whole)
        else:
            left = marks if whole else marks[: len(marks) // 2]
        if whole or not departments:
            self._save(self._assessor, Stage.ASSESS, left)
        return marks

    def _mark_by_department(self, keys: list[int], marks: list[Typed], whole: bool) -> list[Typed]:
        """Each department marks its own items and signs; of an unfinished sheet half of them, and one more is at it.

        Returns what is nobody's.
        """
        finished = len(keys) if whole else len(keys) // 2
        offices = {row.key: row.offices for row in self._lines}
        left = marks
        for number, department in enumerate(Department.objects.filter(pk__in=keys)):
            own = [one for one in left if not department.names.isdisjoint(offices[one.key])]
            left = [one for one in left if one not in own]
            person = self._post(self.assessment.assessor_id, Role.DEPARTMENT_ASSESSOR, department.name)
            if number < finished:
                self._save(person, Stage.ASSESS, own)
                sign_off(person, self.assessment, department)
            elif number == finished:
                self._save(person, Stage.ASSESS, own[: (len(own) + 1) // 2])
        return left

    def _review(self, marks: list[Typed], whole: bool) -> None:
        rng = lot(self.unit.name, "review")
        reviewer = self._post(self.assessment.reviewer_id, Role.REVIEWER)
        marks = judged_marks(self._lines, marks, HALF * rng.choice((0, 0, 1, 2, 3)), rng)
        self._save(reviewer, Stage.REVIEW, marks if whole else marks[: len(marks) // 2])
        if whole:
            self._move(reviewer, Action.CONFIRM)

    # --- What the steps need --------------------------------------------------------------------------------------

    @property
    def _lines(self) -> tuple[Row, ...]:
        return tuple(row for row in rows(self.assessment.rubric) if row.applies(self.assessment.kind.code))

    @property
    def _aim(self) -> Decimal | None:
        """The sum of marks that leads to the aimed-at total: items that do not apply are made up for."""
        if not self.unit.aim:
            return None
        printed = full_points(self._lines)
        claimed = sum((printed[key] for key in self.unit.claims), Decimal(0))
        most = sum(printed.values(), Decimal(0))
        return (Decimal(self.unit.aim) * (most - claimed) / most / HALF).to_integral_value() * HALF

    @property
    def _clerk(self) -> User:
        return self._post(self.assessment.organization_id, Role.CLERK)

    @property
    def _assessor(self) -> User:
        return self._post(self.assessment.assessor_id, Role.ASSESSOR)

    def _post(self, organization: int, role: Role, department: str = "") -> User:
        return self.roster[organization, role, department]

    def _save(self, by: User, stage: Stage, marks: Sequence[Typed]) -> None:
        save_marks(by, self.assessment, stage, marks)

    def _move(self, by: User, action: Action, reason: str = "", items: Sequence[str] = ()) -> None:
        move(by, self.assessment, action, reason=reason, items=items)

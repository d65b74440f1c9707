"""What a deciding union does when all results are there: it spot-checks, rules, publishes; and somebody objects."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from assessments.demo.marking import HALF, judged_marks, lot
from assessments.demo.story import Roster
from assessments.grading import verdicts
from assessments.models import Assessment, Channel, Cycle, RulingKind
from assessments.results import contents_of, read_marks
from assessments.services import Typed, draws, move, objections, publishing, save_marks
from assessments.services.grading import confirm_ruling, propose_ruling
from assessments.workflow import Action, Stage, State
from orgs.models import User
from orgs.roles import Role
from rubrics.rows import Row, rows
from rubrics.scoring.numbers import format_points

SHARE = Decimal("0.1")
CONTACT = "固原市总工会组织部（市行政中心一号楼），电话0954-0000000"
BODY = (
    "根据《固原市基层工会组织年检工作实施方案》（固工发〔2023〕86号），经自查自评、民主测评、组织评定，现将年检结果予以公示。"
    "公示期内，职工群众对结果有异议的，可以书面、电话或当面向市总工会组织部反映，我们将在规定期限内复查，并再次公示。"
)
STATEMENT = "第14项只看了上半年的台账，下半年的会议和活动记录没有计入，请予复查。"


@dataclass(frozen=True, slots=True)
class Decisions:
    """One cycle's, by the union that opened it."""

    cycle: Cycle
    roster: Roster

    def take(self, objected: str) -> None:
        """Up to a running notice, with an objection to the result of the organisation of that name."""
        self._check_on_some()
        self._share_out_seats()
        publishing.publish(
            self._admin,
            self.cycle,
            title=f"关于{self.cycle.year}年基层工会组织年检结果的公示",
            body=BODY,
            contact=CONTACT,
            starts_on=timezone.localdate(),
        )
        self._object(objected)

    def _check_on_some(self) -> None:
        terms = draws.Terms(
            SHARE, "中国体育彩票排列5第26310期：7 0 4 9 2", "体彩官网公布的开奖号码，抽取前一日指定", by_kind=False
        )
        draw = draws.fix_seed(self._reviewer, self.cycle, terms)
        draws.freeze_population(self._admin, draw)
        draws.draw_names(self._reviewer, draw)
        for assessment in self.cycle.assessments.filter(state=State.REVIEWING).select_related("rubric", "kind"):
            self._review(assessment)

    def _review(self, assessment: Assessment) -> None:
        lines = tuple(row for row in rows(assessment.rubric) if row.applies(assessment.kind.code))
        rng = lot(assessment.name, "spot check")
        marks = judged_marks(lines, _given(assessment, lines), HALF * rng.choice((0, 1, 2, 3)), rng)
        save_marks(self._reviewer, assessment, Stage.REVIEW, marks)
        move(self._reviewer, assessment, Action.CONFIRM)

    def _share_out_seats(self) -> None:
        """One of those who are equal at the last seat gets it, for a reason that can be read."""
        tied = [verdict for verdict in verdicts(self.cycle) if verdict.tied]
        if tied:
            first = Assessment.objects.get(pk=tied[0].assessment.pk)
            reason = "得分相同，本年度新建工会数量多，经主席办公会议研究决定。"
            confirm_ruling(self._reviewer, propose_ruling(self._admin, first, RulingKind.SEAT, None, reason))

    def _object(self, name: str) -> None:
        entry = objections.Entry(
            STATEMENT,
            items=("14",),
            channel=Channel.VISIT,
            objector="王同志",
            contact="0954-0000001",
            received_on=timezone.localdate(),
        )
        objections.register(self._reviewer, self.cycle.assessments.get(name=name), entry)

    @property
    def _admin(self) -> User:
        return self.roster[self.cycle.owner_id, Role.ADMIN, ""]

    @property
    def _reviewer(self) -> User:
        return self.roster[self.cycle.owner_id, Role.REVIEWER, ""]


def _given(assessment: Assessment, lines: tuple[Row, ...]) -> list[Typed]:
    """What the assessing union gave, as it would be typed."""
    sheet = assessment.sheets.get(stage=Stage.ASSESS)
    contents = contents_of(read_marks(assessment.rubric, [sheet])[sheet.pk])
    return [
        Typed(
            row.key,
            format_points(contents[row.key].points),
            not_applicable=contents[row.key].not_applicable,
            reason=contents[row.key].reason,
        )
        for row in lines
    ]

"""What a save of what was typed would come to, item by item; `save_marks` does it, a preview only shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments import claims
from assessments.appraisal import contradicted, decided
from assessments.models import Assessment, MarkRevision, Sheet
from assessments.results import NOTHING, Content, Marks, StoredMark, read_marks
from assessments.sentences import on_record
from assessments.services.claiming import with_proofs
from assessments.services.joint import Said, beside_others, is_joint, merged
from assessments.services.reach import check_reach
from assessments.services.typed import Typed, read_typed
from assessments.workflow import Stage
from orgs.models import User
from rubrics.convert import to_kernel
from rubrics.rows import Row, rows


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of each item that was typed.

    stored     the sheet's marks as they stand
    contents   what was typed, as far as it can be read
    changed    what would be stored
    errors     why it can't be read: a sentence
    overtaken  what somebody else saved meanwhile, where both changed it
    kept       keys of the items that somebody else saved meanwhile and the person left as they saw them
    """

    stored: Marks
    contents: Mapping[str, Content]
    changed: Mapping[str, Content]
    errors: Mapping[str, str]
    overtaken: Mapping[str, StoredMark]
    kept: frozenset[str]


def foresee(by: User, assessment: Assessment, sheet: Sheet, typed: Sequence[Typed]) -> Foreseen:
    """What saving this on the open sheet would come to. Writes nothing; refuses as `check_reach` and for closed fields.

    Whoever goes on to write has locked the assessment before.
    """
    stage = Stage(sheet.stage)
    by_key = {row.key: row for row in rows(assessment.rubric)}
    reach, _rows = check_reach(by, assessment, sheet, [one.key for one in typed])
    stored = read_marks(assessment.rubric, [sheet])[sheet.pk]
    consented = _not_applicable_before(assessment, stage, typed)
    kernel = to_kernel(assessment.rubric, assessment.total_policy).by_key
    contents, errors = {}, {}
    for one in typed:
        row = by_key[one.key]
        try:
            stands = stored[one.key].content if one.key in stored else NOTHING
            content = read_typed(row, kernel[one.key], one, stage, consented, stands)
        except ValueError as error:
            errors[one.key] = str(error)
        else:
            contents[one.key] = beside_others(row, content, stored.get(one.key), reach) if is_joint(row) else content
    contents, unproven = with_proofs(sheet, by_key, contents)
    errors |= unproven | _against_ballots(assessment, stage, contents)
    changed = news(contents, stored)
    late = _late(sheet, [one for one in typed if one.key in changed], stored, contents, by_key)
    overtaken = {key: found for key, found in late.items() if isinstance(found, StoredMark)}
    settled = changed | {key: found for key, found in late.items() if isinstance(found, Content)}
    last = {key: content for key, content in news(settled, stored).items() if key not in overtaken}
    return Foreseen(stored, contents, last, errors, overtaken, frozenset(late.keys() - overtaken.keys() - last.keys()))


def _against_ballots(assessment: Assessment, stage: Stage, contents: Mapping[str, Content]) -> dict[str, str]:
    """What says something else than a ballot that decided the item. A blank says nothing yet."""
    if stage != Stage.ASSESS:
        return {}
    fixed = decided(assessment)
    return {
        key: contradicted(key, fixed[key])
        for key, content in contents.items()
        if key in fixed and not content.blank and content.points != fixed[key]
    }


def _not_applicable_before(assessment: Assessment, stage: Stage, typed: Sequence[Typed]) -> Marks:
    """The self sheet's marks, where a later stage is about to agree that something does not apply."""
    if stage == Stage.SELF or not any(one.not_applicable for one in typed):
        return {}
    sheet = assessment.sheets.get(stage=Stage.SELF)
    marks = read_marks(assessment.rubric, [sheet])[sheet.pk]
    return {key: mark for key, mark in marks.items() if mark.content.not_applicable}


def news(contents: Mapping[str, Content], stored: Marks) -> dict[str, Content]:
    """Those that say something else than what stands."""
    return {
        key: content
        for key, content in contents.items()
        if content != (stored[key].content if key in stored else NOTHING)
    }


def _late(
    sheet: Sheet,
    typed: Sequence[Typed],
    stored: Marks,
    contents: Mapping[str, Content],
    by_key: Mapping[str, Row],
) -> dict[str, StoredMark | Content]:
    """Items that somebody else saved after the person saw them: what they shall say then, or the other's mark.

    The other's mark simply stands where the person left the item as they saw it (a whole sheet posted without
    JavaScript carries every item). On a row of several departments both stand that changed different things. Else it is
    a conflict.
    """
    late = [t for t in typed if t.key in stored and t.version != stored[t.key].version]
    seen = _seen(sheet, [t for t in late if t.version < stored[t.key].version], by_key) if late else {}
    found: dict[str, StoredMark | Content] = {}
    for one in late:
        row, content, other = by_key[one.key], contents[one.key], stored[one.key]
        before = seen.get(one.key, Said() if one.version == 0 else None)
        if before is None:
            found[one.key] = other
        elif _left_alone(row, one, content, before):
            found[one.key] = other.content
        else:
            both = merged(row, content, other.content, before) if is_joint(row) else None
            found[one.key] = other if both is None else both
    return found


def _seen(sheet: Sheet, late: Sequence[Typed], by_key: Mapping[str, Row]) -> dict[str, Said]:
    """What stood on each item in the version that the person saw: one query."""
    wanted = {(by_key[one.key].pk, one.version): one.key for one in late}
    items, versions = {item for item, _version in wanted}, {version for _item, version in wanted}
    revisions = MarkRevision.objects.filter(sheet=sheet, item__in=items, version__in=versions)
    return {
        wanted[one.item_id, one.version]: Said(
            one.points, one.counts, one.not_applicable, one.reason, one.remark, one.claims
        )
        for one in revisions
        if (one.item_id, one.version) in wanted
    }


def _left_alone(row: Row, typed: Typed, content: Content, before: Said) -> bool:
    """Whether the person left the item as they saw it. Claims that they were not shown they left alone."""
    claimed = before.claims if typed.claims is None else claims.on_record(row, content.claims)
    counts = on_record(row, content.counts)
    says = Said(content.points, counts, content.not_applicable, content.reason, content.remark, claimed)
    return says == before

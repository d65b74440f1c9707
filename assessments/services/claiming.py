"""What a person typed as claims, as values; and which file may prove one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.claims import Claimed, TypedClaim, is_blank
from assessments.models import OCCASION_LENGTH, Evidence, Sheet
from assessments.results import Content
from assessments.text import clean
from assessments.workflow import Stage, earlier
from rubrics.rows import Row

MOST_CLAIMS = 50
OLDEST = 10
"""Years after which nothing is claimed any more: a day further back is a slip of the finger."""


def read_claims(row: Row, typed: Sequence[TypedClaim]) -> tuple[Claimed, ...]:
    """The claims as values, in the order of the row's measures, then by day; those left wholly blank are none.

    Raises ValueError with a sentence that names the claim by its place. Whether the file may be named is for
    `with_proofs` to say.
    """
    claims = []
    for place, one in enumerate((one for one in typed if not is_blank(row, one)), start=1):
        try:
            claims.append(_claim(row, one))
        except ValueError as error:
            raise ValueError(
                _("Item %(item)s, claim %(place)d: %(sentence)s") % {"item": row.key, "place": place, "sentence": error}
            ) from error
    if len(claims) > MOST_CLAIMS:
        raise ValueError(_("Item %(item)s takes at most %(count)d claims.") % {"item": row.key, "count": MOST_CLAIMS})
    order = {measure.key: place for place, measure in enumerate(row.claims)}
    claims.sort(key=lambda one: (order[one.measure], one.day, one.occasion, one.proof, one.file or 0))
    told = [(one.measure, one.occasion, one.day) for one in claims]
    twice = next((one.occasion for one, event in zip(claims, told, strict=True) if told.count(event) > 1), "")
    if twice:
        raise ValueError(
            _("Item %(item)s: “%(occasion)s” is claimed twice at the same level.")
            % {"item": row.key, "occasion": twice}
        )
    return tuple(claims)


def _claim(row: Row, typed: TypedClaim) -> Claimed:
    if typed.measure.strip() not in {measure.key for measure in row.claims}:
        levels = "、".join(measure.label for measure in row.claims)
        raise ValueError(_("choose exactly one of these levels: %(levels)s.") % {"levels": levels})
    occasion = clean(typed.occasion, OCCASION_LENGTH)
    if not occasion:
        raise ValueError(_("say what was shared or recognised, and where."))
    file = typed.file.strip()
    if file and not (file.isascii() and file.isdigit() and len(file) < 10):
        raise ValueError(_("the file is not among the evidence of this item."))
    proof = clean(typed.proof, OCCASION_LENGTH)
    return Claimed(typed.measure.strip(), occasion, _day(typed.day), proof, int(file) if file else None)


def _day(text: str) -> date:
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(_("give the day, such as 2025-06-18.")) from error
    if day > today:
        raise ValueError(_("%(day)s has not come yet.") % {"day": day.isoformat()})
    if day.year < today.year - OLDEST:
        raise ValueError(_("%(day)s is too long ago; is the year right?") % {"day": day.isoformat()})
    return day


def with_proofs(
    sheet: Sheet, by_key: Mapping[str, Row], contents: Mapping[str, Content]
) -> tuple[dict[str, Content], dict[str, str]]:
    """The contents with the names of the files that their claims name, and a sentence for each that may not name one.

    A claim names evidence of its own item, of its own sheet as long as it is there, or of an earlier stage.
    One query, none where no claim names a file.
    """
    named = {claim.file for content in contents.values() for claim in content.claims if claim.file is not None}
    if not named:
        return dict(contents), {}
    before = Evidence.objects.filter(
        sheet__assessment=sheet.assessment_id, sheet__stage__in=earlier(Stage(sheet.stage))
    )
    own = Evidence.objects.filter(sheet=sheet, removed_at=None)
    files = {one.pk: (one.item_id, one.name) for one in (before | own).filter(pk__in=named)}
    found, errors = {}, {}
    for key, content in contents.items():
        claims = tuple(
            replace(one, file_name=files[one.file][1])
            if one.file is not None and files.get(one.file, (0, ""))[0] == by_key[key].pk
            else one
            for one in content.claims
        )
        if any(one.file is not None and not one.file_name for one in claims):
            errors[key] = _("Item %(item)s: the file of a claim is not among the evidence of this item.") % {
                "item": key
            }
        else:
            found[key] = replace(content, claims=claims)
    return found, errors

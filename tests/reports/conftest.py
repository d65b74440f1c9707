from decimal import Decimal

import pytest

CODES = ("sy", "c1", "c2", "c3", "c4", "d", "g1", "g2", "g3", "g4", "g5", "g6", "j1", "j2", "j3")


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker):
    """The fifteen rubrics, loaded once for a module and rolled back at its end."""
    from django.db import transaction

    from tests import factories as make

    with django_db_blocker.unblock(), transaction.atomic():
        make.load_rubrics()
        yield
        transaction.set_rollback(True)


def pytest_generate_tests(metafunc):
    if "code" in metafunc.fixturenames:
        metafunc.parametrize("code", CODES)


@pytest.fixture
def rubric_of(documents, db):
    """The rubric of a code."""
    from rubrics.models import Rubric

    return lambda code: Rubric.objects.select_related("document").get(code=code)


@pytest.fixture
def assessed(db):
    """Somebody's assessment under a rubric, each stage's sheet filled: `assessed(rubric, "county", state=...)`."""
    return build_assessment


def build_assessment(rubric, kind="", *, policy="", state="final", marks=None, name="", skip=()):
    """Written straight into the tables. `marks` says by key what stands beside the usual marks, in every stage."""
    from assessments.models import Assessment, Count, Mark, Sheet
    from assessments.workflow import stages_of
    from rubrics.rows import rows
    from tests import factories as make

    kind = kind or rubric.audiences.first().kind
    cast = make.cast(rubric=rubric, kind=kind)
    Assessment.objects.filter(pk=cast.assessment.pk).update(
        state=state, total_policy=policy or rubric.total_policy, **({"name": name} if name else {})
    )
    assessment = Assessment.objects.select_related("rubric__document", "kind", "cycle").get(pk=cast.assessment.pk)
    for stage in stages_of(assessment.stages):
        if stage in skip:
            continue
        sheet, _ = Sheet.objects.get_or_create(assessment=assessment, stage=stage)
        for number, row in enumerate(rows(assessment.rubric)):
            special = (marks or {}).get(row.key, {})
            if not row.applies(kind) or special is None:
                continue
            mark = Mark(sheet=sheet, item_id=row.pk, saved_at=cast.cycle.opened_at, saved_by=cast.clerk)
            if row.rule == "judged" and not special.get("not_applicable"):
                mark.points = row.points - (Decimal("0.5") if number % 3 == 0 else 0)
            for field, value in special.items():
                setattr(mark, field, value)
            mark.save()
            if not mark.not_applicable:
                Count.objects.bulk_create(
                    Count(mark=mark, measure_id=measure.pk, quantity=1 if measure.per == 1 else 6000)
                    for measure in row.measures
                )
    return assessment

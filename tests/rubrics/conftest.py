from decimal import Decimal

import pytest


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker):
    """All fixtures, loaded once for a module and rolled back at its end; each test's own changes end with the test."""
    from django.db import transaction

    from tests import factories as make

    with django_db_blocker.unblock(), transaction.atomic():
        make.load_rubrics()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def rubric(db):
    """A small rubric of our own: two sections, two judged items, one deduction, one bonus."""
    from django.utils import timezone

    from rubrics.models import BaseRule, BonusRule, Document, Item, Measure, MeasureRole, Responsibility, Rubric

    document = Document.objects.create(slug="small", title="小考核")
    rubric = Rubric.objects.create(
        document=document, code="small", title="小标准", declared_total=10, published_at=timezone.now()
    )
    for position, source in enumerate(("section", "text", "points", "self", "assess"), 1):
        rubric.columns.create(position=position, source=source, heading=source, width=36)
    rubric.audiences.create(kind="street", label="街道")
    village = rubric.audiences.create(kind="village", label="村")
    rubric.bands.create(rank=2, name="合格", lower=6)
    rubric.bands.create(rank=1, name="不合格", lower=0)
    office = rubric.offices.create(name="办公室")
    first = rubric.sections.create(position=1, name="组织", label="组织8分", points=8)
    second = rubric.sections.create(position=2, name="作用", label="作用2分", points=2)

    def item(section, position, text, points, **more):
        return Item.objects.create(
            rubric=rubric, section=section, position=position, key=str(position), text=text, points=points, **more
        )

    item(first, 1, "依法建会，入会率达到90%。", 5, threshold="入会率达到90%")
    absent = item(first, 2, "按时参加会议，缺席一次扣0.5分。", 3, rule=BaseRule.DEDUCT_PER_UNIT)
    Measure.objects.create(
        item=absent, key="absence", role=MeasureRole.BASE, label="缺席", unit="次", amount=Decimal("0.5")
    )
    Responsibility.objects.create(item=absent, office=office)
    item(second, 3, "服务职工。", 2).audiences.set([village])
    shared = item(second, 4, "经验被推广。", None, rule=BaseRule.NONE, bonus_rule=BonusRule.ADD_PER_UNIT)
    Measure.objects.create(item=shared, key="shared", role=MeasureRole.BONUS, label="推广", unit="项", amount=1)
    return rubric

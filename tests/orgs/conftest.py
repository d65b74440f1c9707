"""A small tree and a fixed cast. 市 > 甲区 > 甲街道 > 甲厂, and 市 > 乙区 > 乙街道."""

from types import SimpleNamespace

import pytest

from orgs.models import OrganizationKind
from orgs.roles import Role
from orgs.services import NewPost, add_department, create_organization, create_person

PASSWORD = "opensesame-27"


@pytest.fixture
def kind(db):
    return OrganizationKind.objects.create(code="any", name="任意")


@pytest.fixture
def tree(kind):
    def add(parent, name, level):
        return create_organization(None, parent, name, kind, level)

    city = add(None, "市总工会", "city")
    district, other = add(city, "甲区总工会", "county"), add(city, "乙区总工会", "county")
    street, other_street = add(district, "甲街道工会", "township"), add(other, "乙街道工会", "township")
    factory = add(street, "甲厂工会", "grassroots")
    return SimpleNamespace(
        kind=kind,
        city=city,
        district=district,
        other=other,
        street=street,
        other_street=other_street,
        factory=factory,
    )


@pytest.fixture
def cast(tree):
    """One person for each kind of right over 甲街道."""

    def hire(name, organization, role, department=None):
        posts = [NewPost(organization, role, department)]
        return create_person(None, name, posts, username=name, password=PASSWORD).person

    office = add_department(None, tree.district, "组织部", "基层部")
    people = SimpleNamespace(
        clerk=hire("clerk", tree.street, Role.CLERK),
        assessor=hire("assessor", tree.district, Role.ASSESSOR),
        department_assessor=hire("department_assessor", tree.district, Role.DEPARTMENT_ASSESSOR, office),
        own_admin=hire("own_admin", tree.street, Role.ADMIN),
        branch_admin=hire("branch_admin", tree.district, Role.ADMIN),
        other_admin=hire("other_admin", tree.other, Role.ADMIN),
        auditor=hire("auditor", tree.district, Role.AUDITOR),
        nobody=create_person(None, "nobody", username="nobody", password=PASSWORD).person,
    )
    people.office = office
    return people

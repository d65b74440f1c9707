"""What is exported imports back unchanged, whatever the tree looks like."""

from io import BytesIO

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgs import credit_code
from orgs.files import Format, open_table
from orgs.importing.matching import look, propose
from orgs.importing.organizations.check import check
from orgs.importing.organizations.export import export_rows
from orgs.importing.organizations.fields import FIELDS
from orgs.importing.spec import ListRow
from orgs.importing.workbook import csv_lines, write_list
from orgs.models import Level, Organization, OrganizationKind, User
from orgs.services import NewOrganization, Refused, bulk_create_organizations
from orgs.services.affiliation import unfit

pytestmark = pytest.mark.django_db

NAMES = st.text("甲乙总工会厂 Aa/、（=-+@'1", min_size=1, max_size=6).filter(lambda name: any(map(str.isalnum, name)))
CONTACTS = st.text("王芳 =+-@'(A1", max_size=5)
PHONES = st.sampled_from(["", "12345", "+86 139 0000 0001", "(024) 2345-6789转8", "-123", "024-1234、024-4321"])


@st.composite
def trees(draw):
    """Organisations under one head, each with the place of its parent in the list."""
    count = draw(st.integers(1, 12))
    drawn = []
    for place in range(count):
        body = f"8121{draw(st.integers(0, 99))}".ljust(13, "0") + f"{place:04d}"
        code = body + credit_code.check_character(body) if draw(st.booleans()) else ""
        parent = draw(st.integers(0, place - 1)) if place else None
        members = draw(st.none() | st.integers(0, 10**6))
        drawn.append(
            (draw(NAMES), parent, draw(st.sampled_from(Level.values)), code, members, draw(CONTACTS), draw(PHONES))
        )
    return drawn


def plant(drawn, top):
    kind = OrganizationKind.objects.get_or_create(code="any", name="=任意")[0]
    rows = []
    for name, parent, level, code, members, contact, phone in drawn:
        above = top if parent is None else rows[parent]
        rows.append(NewOrganization(name, kind, level, above, code, members, contact, phone))
    return bulk_create_organizations(None, rows)


def lead(drawn, made):
    """Give organisations second superiors, by their places in the list, where that can be."""
    for one, union in drawn:
        if one < len(made) and union < len(made) and not unfit(made[one], made[union]):
            Organization.objects.filter(pk=made[one].pk).update(industrial_union=made[union])


def read_back(file, format_):
    """The rows of a file as the import reads them, its headings recognised."""
    rows = list(open_table(file, format_))
    found = look(rows, FIELDS)
    names = propose(found.headings, FIELDS, {})
    assert names == [field.name for field in FIELDS]
    return [
        ListRow(number, {name: cells[place] if place < len(cells) else "" for place, name in enumerate(names)})
        for number, cells in rows
        if number > found.row
    ]


def as_xlsx(branch):
    file = BytesIO()
    write_list(file, FIELDS, export_rows(branch))
    return read_back(file, Format.XLSX)


def as_csv(branch):
    return read_back(BytesIO("".join(csv_lines(FIELDS, export_rows(branch))).encode()), Format.CSV)


@pytest.mark.parametrize("read", [as_xlsx, as_csv])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    drawn=trees(),
    led=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6),
    from_top=st.booleans(),
)
def test_an_exported_branch_imports_back_unchanged(read, drawn, led, from_top):
    root = User(is_superuser=True)
    with transaction.atomic():
        kind = OrganizationKind.objects.get_or_create(code="any", name="=任意")[0]
        (top,) = bulk_create_organizations(None, [NewOrganization("省/总工会", kind, "province")])
        try:
            made = plant(drawn, top)
        except Refused:  # two alike under one parent, or a name that is nothing but blanks
            made = []
        lead(led, made)
        branch = top if from_top or not made else made[0]
        found = list(check(read(branch), branch, root))
        assert [(one.outcome.value, one.problems, one.changes) for one in found] == [("unchanged", [], [])] * len(found)
        assert len(found) == (len(made) + 1 if branch is top else len(made))
        transaction.set_rollback(True)


def test_the_pages_give_the_same_list_as_workbook_and_as_text(client, tree, cast):
    client.force_login(cast.branch_admin)
    workbook = b"".join(client.get(reverse("orgs:export", args=[tree.district.pk])))
    lines = b"".join(client.get(reverse("orgs:export_csv", args=[tree.district.pk])))
    rows = [cells for _number, cells in open_table(BytesIO(workbook), Format.XLSX)]
    assert rows == [cells for _number, cells in open_table(BytesIO(lines), Format.CSV)]
    assert [row[0] for row in rows[1:]] == ["甲区总工会", "甲街道工会", "甲厂工会"]
    assert [row[2] for row in rows[1:]] == ["市总工会", "甲区总工会", "甲区总工会/甲街道工会"]


def test_a_text_that_is_a_formula_is_guarded_in_both(tree):
    Organization.objects.filter(pk=tree.factory.pk).update(contact="=1+1")
    file = BytesIO()
    write_list(file, FIELDS, export_rows(Organization.objects.get(pk=tree.factory.pk)))
    cells = dict(open_table(file, Format.XLSX))
    assert "'=1+1" in cells[2]
    assert "'=1+1" in "".join(csv_lines(FIELDS, export_rows(Organization.objects.get(pk=tree.factory.pk))))


def test_exporting_asks_the_database_as_often_for_many(tree, django_assert_max_num_queries):
    bulk_create_organizations(
        None, [NewOrganization(f"第{n}厂", tree.kind, "grassroots", tree.street) for n in range(100)]
    )
    with django_assert_max_num_queries(4):
        assert len(list(export_rows(tree.district))) == 103

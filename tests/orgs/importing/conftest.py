"""The small tree of the folder above, and a way to have rows checked that never stood in a file."""

import pytest

from orgs.importing.organizations.check import check
from orgs.importing.spec import ListRow
from orgs.models import Organization


@pytest.fixture
def checked(tree, cast):
    """checked({"name": "甲厂工会"}, …, branch=, by=) -> one Checked for each row, rows numbered from 2."""

    def run(*rows, branch=None, by=None):
        branch = Organization.objects.get(pk=(branch or tree.district).pk)
        listed = [ListRow(number, row) for number, row in enumerate(rows, 2)]
        return list(check(listed, branch, by or cast.branch_admin, lambda _done: None))

    return run

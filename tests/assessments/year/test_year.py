"""Random inspection years keep what trust.md promises of the workflow.

Together with `test_histories`, which looks closely at one assessment, these are the 300 histories of 40 steps, over
both databases: here invariants 1 and 6-17 of the project's list, and 19; there 1-6, 8-11 and 16-18. 2 and 20 are also
tested where things are shown, exported and backed up (tests/reports, tests/orgs/importing, tests/config).
"""

import pytest
from django.db import connection
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.assessments.year.machine import Years, stage

pytestmark = [pytest.mark.django_db, pytest.mark.long]

DONE = {
    *("mark", "submit", "confirm", "reopen", "withdraw", "resume"),
    *("ballot", "vote", "close a ballot"),
    *("seed", "leave out", "freeze", "draw", "redraw"),
    *("propose", "confirm a ruling", "withdraw a ruling"),
    *("publish", "close", "object", "open a recheck", "settle", "consequences"),
}
POSTGRES = connection.vendor == "postgresql"  # the rules are the same; it has the real locks and its own ways to write


@pytest.mark.parametrize("part", range(1 if POSTGRES else 4))
def test_years(part):
    Years.cycle, Years.people = stage()
    Years.done.clear()
    years = seed(part)(type(f"Years{part}", (Years,), {}))
    examples = 8 if POSTGRES else 48
    plain = (Phase.explicit, Phase.generate)  # making a failing year shorter takes longer than reading it
    run_state_machine_as_test(years, settings=settings(max_examples=examples, stateful_step_count=40, phases=plain))
    assert POSTGRES or set(Years.done) >= DONE

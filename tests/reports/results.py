"""A city with results of four townships, and what happens to them."""

from django.db.models import QuerySet

from assessments import services
from assessments.models import SnapshotRow
from assessments.services import publishing
from assessments.services.tallying import recount
from assessments.workflow import Action
from tests.factories import again
from tests.reports.standings.scene import finish, scene

WORDS = {"title": "关于年检结果的公示", "body": "现予公示。", "contact": "市总工会组织部"}


def published(city, **said):
    """The results as they are on public notice; 戊, who has none, left the cycle."""
    for one in city.cycle.assessments.exclude(state__in=("final", "withdrawn")):
        services.move(again(city.people["admin"]), one, Action.WITHDRAW, reason="已撤并")
    day = said.pop("starts_on", None) or publishing.timezone.localdate()
    return publishing.publish(again(city.people["reviewer"]), city.cycle, starts_on=day, **{**WORDS, **said})


def graded():
    """甲 and 乙 have five stars, 丙 four, 丁 one and so does not qualify; 戊 withdraws with the publication."""
    found = scene()
    finish(found, "丁", "55", "80")
    recount(found.cycle)
    return found


def keep_row(row, **values):
    """Writes past the guard: names that no page takes any more, from an older list."""
    QuerySet(SnapshotRow).filter(pk=row.pk).update(**values)

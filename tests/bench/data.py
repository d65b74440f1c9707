"""What the benchmarks look at: 2,000 organisations in one cycle under Guyuan's second table, one of them marked."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from assessments import services
from assessments.models import Assessment, Cycle
from assessments.workflow import Action, Stage
from orgs.models import Level, OrganizationKind, User
from orgs.roles import Role
from orgs.services import NewOrganization, bulk_create_organizations
from rubrics.models import Rubric
from tests import factories

ORGANIZATIONS = 2000


@dataclass(frozen=True)
class Data:
    cycle: Cycle
    assessment: Assessment
    assessor: User
    admin: User


def build(organizations: int = ORGANIZATIONS) -> Data:
    call_command("migrate", verbosity=0)
    factories.load_rubrics()
    city = factories.organization(kind="city", level=Level.CITY)
    admin, assessor = factories.person((city, Role.ADMIN)), factories.person((city, Role.ASSESSOR))
    private = OrganizationKind.objects.get(code="private")
    units = bulk_create_organizations(
        None,
        [NewOrganization(f"第{number}工会", private, Level.GRASSROOTS, city) for number in range(1, organizations + 1)],
    )
    chair = factories.person((units[0], Role.CHAIR))
    cycle = factories.open_cycle_for(city, {"private": Rubric.objects.get(code="g2")}, by=admin)
    assessment = Assessment.objects.get(cycle=cycle, organization=units[0])
    factories.fill(
        chair, assessment, Stage.SELF, lambda row: {**factories.full_marks(row), "remark": "台账齐全，见附件。"}
    )
    services.move(chair, assessment, Action.SUBMIT)
    factories.fill(assessor, assessment, Stage.ASSESS)
    return Data(cycle, assessment, assessor, admin)


def session_of(user: User) -> str:
    """The key of a session in which the person is logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key or ""

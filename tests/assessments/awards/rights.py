"""How the rights table asks for the routes of awards: a round of the deciding union's, in which anything is awarded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from assessments.models import AwardRound, Candidacy, Ladder, Rung, Title
from assessments.services import awards
from assessments.services.awards import Call, Earlier
from tests.factories import Cast, again


def rung() -> Rung:
    ladder, _new = Ladder.objects.get_or_create(slug="home", name="职工之家")
    return Rung.objects.get_or_create(ladder=ladder, code="model", position=1, name="模范", holder="organization")[0]


def round_of(people: Cast) -> AwardRound:
    found = AwardRound.objects.filter(owner=people.city).first()
    today = timezone.localdate()
    return found or awards.open_round(
        again(people.admin), Call(rung().ladder, people.city, "评选", opens_on=today, closes_on=today)
    )


def candidacy_of(people: Cast) -> Candidacy:
    return awards.propose(again(people.assessor), round_of(people), rung(), people.township)


def title_of(people: Cast) -> Title:
    earlier = Earlier(rung(), date(2020, 1, 1), "总工发〔2020〕1号")
    return awards.record_title(again(people.admin), people.township, earlier)


def given(people: Cast) -> Title:
    """A title that the round gave."""
    return awards.award(again(people.admin), candidacy_of(people))


def award_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        **{f"awards:{name}": dict for name in ("list", "titles", "open_round")},
        "awards:ladder": lambda: {"slug": rung().ladder.slug},
        "awards:revoke": lambda: {"pk": title_of(people).pk},
        **{f"awards:{name}": lambda: {"pk": people.township.pk} for name in ("organization", "record")},
        **{f"awards:{name}": lambda: {"pk": round_of(people).pk} for name in ("round", "propose", "close_round")},
        **{f"awards:{name}": lambda: {"pk": candidacy_of(people).pk} for name in ("candidacy", "award", "decline")},
        "reports:title_certificate": lambda: {"pk": given(people).pk},
        "reports:title_certificates": lambda: {"pk": given(people).round_id},
        "reports:round_xlsx": lambda: {"pk": round_of(people).pk},
        "reports:titles_xlsx": dict,
        "reports:ladder_xlsx": lambda: {"slug": rung().ladder.slug},
    }


def posted_to_awards(people: Cast) -> dict[str, dict[str, Any]]:
    return {
        "awards:propose": {"organization": people.township.pk, "rung": rung().pk},
        "awards:record": {"rung": rung().pk, "awarded_on": "2020-01-01", "evidence": "总工发〔2020〕1号"},
        "awards:revoke": {"reason": "复查不合格"},
        "awards:decline": {"reason": "材料不实"},
    }

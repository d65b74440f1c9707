"""The site map of assessments. A move's address is its action; the table of moves says which there are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from assessments.views import ballots, cycles, detail, evidence, home, lists, moves, sheet, voting
from assessments.workflow import BY_BUTTON

SHEET = "assessments/<int:pk>/sheets/<str:stage>/"
ITEM = f"{SHEET}items/<str:key>/"
DEPARTMENT = "assessments/<int:pk>/departments/<int:department>/"

assessment_urls: list[URLPattern] = [
    path("assessments/", lists.index, name="list"),
    path("assessments/<int:pk>/", detail.show, name="detail"),
    *(
        path(f"assessments/<int:pk>/{action.replace('_', '-')}/", moves.make, {"action": action}, name=action.value)
        for action in BY_BUTTON
    ),
    path(f"{DEPARTMENT}sign-off/", detail.sign_off, name="sign_off"),
    path(f"{DEPARTMENT}take-back/", detail.take_back, name="take_back"),
    path(SHEET, sheet.sheet, name="sheet"),
    path(f"{SHEET}adopt/", sheet.adopt, name="adopt"),
    path(ITEM, sheet.save_item, name="save_item"),
    path(f"{ITEM}history/", detail.item_history, name="item_history"),
    path(f"{ITEM}evidence/", evidence.attach, name="attach"),
    path("evidence/<int:pk>/", evidence.download, name="evidence"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="remove_evidence"),
]

ballot_urls: list[URLPattern] = [
    path("assessments/<int:pk>/ballots/", ballots.index, name="list"),
    path("assessments/<int:pk>/ballots/new/", ballots.create, name="create"),
    path("assessments/<int:pk>/ballots/take/", ballots.take, name="take"),
    path("ballots/<int:pk>/", ballots.detail, name="detail"),
    path("ballots/<int:pk>/edit/", ballots.edit, name="edit"),
    path("ballots/<int:pk>/drop/", ballots.drop, name="drop"),
    path("ballots/<int:pk>/open/", ballots.open_, name="open"),
    path("ballots/<int:pk>/papers/", ballots.papers, name="papers"),
    path("ballots/<int:pk>/close/", ballots.close, name="close"),
    path("ballots/<int:pk>/annul/", ballots.annul, name="annul"),
]

voting_urls: list[URLPattern] = [
    path("v/", voting.vote, name="vote"),
    path("v/thanks/", voting.thanks, name="vote_thanks"),
]

cycle_urls: list[URLPattern] = [
    path("", cycles.index, name="list"),
    path("new/", cycles.create, name="create"),
    path("<int:pk>/", cycles.detail, name="detail"),
    path("<int:pk>/deadlines/", cycles.deadlines, name="deadlines"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include((assessment_urls, "assessments"))),
    path("", include((ballot_urls, "ballots"))),
    path("", include(voting_urls)),
    path("cycles/", include((cycle_urls, "cycles"))),
]

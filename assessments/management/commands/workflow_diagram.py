from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from assessments.workflow import MOVES, THREE, TWO, WRITERS, Actor, Move, State

CONDITIONS = {
    "needs_complete_sheet": "every item is marked",
    "needs_departments": "every department has signed off",
    "needs_ballots": "every ballot is closed and heeded",
    "needs_reason": "a reason is given",
    "needs_tolerance": "stages are within the tolerance, or have their reason or opinion",
    "needs_items": "the items to open again are named",
    "may_name_items": "may name the items to open again",
    "fresh_eyes": "who marked a named item before does not mark it again, and somebody else has to",
    "adds_review": "the review begins, also where the rubric has none",
    "drops_review": "another is drawn in its place; the result before the review counts again",
    "in_closed_cycle": "also in a closed cycle",
    "in_recheck": "also while an objection is being rechecked",
}
STAGES = {frozenset({TWO}): "two", frozenset({THREE}): "three", frozenset({TWO, THREE}): "two and three"}


class Command(BaseCommand):
    help = "Prints the workflow table as Mermaid and Markdown, for docs/workflow.md."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write("\n\n".join((diagram(), moves_table(), writers_table())))


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    first, last = MOVES[0].source, State.FINAL
    with override("en"):
        states = [f"    {state.value} : {state.label}" for state in type(first)]
        edges = [f"    {move.source.value} --> {move.to.value} : {_edge(move)}" for move in MOVES]
    lines = ["stateDiagram-v2", *states, f"    [*] --> {first.value}", *edges, f"    {last.value} --> [*]"]
    return "\n".join(("```mermaid", *lines, "```"))


def moves_table() -> str:
    with override("en"):
        rows = [
            (
                move.source.label,
                f"{move.action.label} (`{move.action.value}`)",
                move.to.label,
                _actor(move.by),
                "; ".join(_conditions(move)),
                STAGES[move.stages],
            )
            for move in MOVES
        ]
        return _table(("From", "Action", "To", "Who", "Conditions", "Stages"), rows)


def _conditions(move: Move) -> Iterator[str]:
    if move.warrant:
        yield str(move.warrant.label)
    for name, words in CONDITIONS.items():
        if getattr(move, name) and not (name == "may_name_items" and move.needs_items):
            yield words


def writers_table() -> str:
    with override("en"):
        rows = [
            (state.label, f"{writer.stage.label} (`{writer.stage.value}`)", _actor(writer.by))
            for state, writer in WRITERS.items()
        ]
        return _table(("State", "Open sheet", "Who writes it"), rows)


def _edge(move: Move) -> str:
    stages = "" if move.stages == frozenset({TWO, THREE}) else f" ({STAGES[move.stages]} stages)"
    return f"{move.action.label}{stages}"


def _actor(actor: Actor) -> str:
    roles = " or ".join(sorted(str(role.label).lower() for role in actor.roles))
    return f"{roles} of the {str(actor.party.label).lower()}"


def _table(headings: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [headings, tuple("---" for _heading in headings), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from assessments.workflow import MOVES, THREE, TWO, WRITERS, Actor, Move

CONDITIONS = {
    "needs_complete_sheet": "every item is marked",
    "needs_departments": "every department has signed off",
    "needs_ballots": "every ballot is closed and heeded",
    "needs_reason": "a reason is given",
    "may_name_items": "may name the items to open again",
}
STAGES = {frozenset({TWO}): "two", frozenset({THREE}): "three", frozenset({TWO, THREE}): "two and three"}


class Command(BaseCommand):
    help = "Prints the workflow table as Mermaid and Markdown, for docs/workflow.md."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write("\n\n".join((diagram(), moves_table(), writers_table())))


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    first, last = MOVES[0].source, next(move.source for move in MOVES if move.source not in WRITERS)
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
                "; ".join(words for name, words in CONDITIONS.items() if getattr(move, name)),
                STAGES[move.stages],
            )
            for move in MOVES
        ]
        return _table(("From", "Action", "To", "Who", "Conditions", "Stages"), rows)


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

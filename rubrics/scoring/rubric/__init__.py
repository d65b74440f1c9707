"""What a rubric asks and what each answer is worth, as frozen values that refuse to be nonsense.

A `Rubric` is a tree of `Section` -> `Group` (only where the document prints group points) -> `Item`. An item is one row
of the source document, with one way of earning base points (`base`), one of earning or losing more (`bonus`), or both:

    base   Judged           a person gives the points, 0 .. points in steps
           DeductPerUnit    points minus amount for each counted unit, never below its floor
           SumOfParts       several printed halves ("…得8分；…得4分"), each 0 .. its own points
           Tiers            a number on a scale: 70 % → 3, 60 % → 2, 50 % → 1
           Rate             points times the share of a target that was met
           NOfM             the whole for so many of several conditions
           Levels           one of A/B/C/D
           SeveralScorers   the weighted mean of several departments
    bonus  AddPerUnit       amount for each whole `per` of a count above a threshold, with or without a cap
           HighestLevel     several levels claimed, only the highest counts
           TakePerUnit      a penalty for each unit, below zero down to its floor

An item can be a `Gate` instead, which decides about the award and earns nothing. Items may share a `Cap` on what they
give and take beyond their base points.

Points are `Decimal`. Everything counted is a `Measure`; a measure's key is unique inside its item.
"""

from rubrics.scoring.rubric.item import ANSWER, Gate, Item, Kind, Range
from rubrics.scoring.rubric.measure import ZERO, Fault, Measure, RubricError, Tier
from rubrics.scoring.rubric.rubric import Cap, Group, NotApplicablePolicy, Rubric, Section, TotalPolicy
from rubrics.scoring.rubric.rules import (
    JUDGED,
    AddPerUnit,
    BaseRule,
    BonusRule,
    DeductPerUnit,
    HighestLevel,
    Judged,
    Levels,
    NOfM,
    Rate,
    SeveralScorers,
    SumOfParts,
    TakePerUnit,
    Tiers,
)

__all__ = (
    "ANSWER",
    "JUDGED",
    "ZERO",
    "AddPerUnit",
    "BaseRule",
    "BonusRule",
    "Cap",
    "DeductPerUnit",
    "Fault",
    "Gate",
    "Group",
    "HighestLevel",
    "Item",
    "Judged",
    "Kind",
    "Levels",
    "Measure",
    "NOfM",
    "NotApplicablePolicy",
    "Range",
    "Rate",
    "Rubric",
    "RubricError",
    "Section",
    "SeveralScorers",
    "SumOfParts",
    "TakePerUnit",
    "Tier",
    "Tiers",
    "TotalPolicy",
)

"""Awards: who stands where, rounds and their candidates, titles."""

from assessments.views.awards import candidacies, rounds, standing, titles

__all__ = ("candidacies", "rounds", "standing", "titles")

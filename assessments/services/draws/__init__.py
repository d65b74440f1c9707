"""The only writers of draws: the seed is said, the population frozen, names drawn and drawn anew; each call atomic."""

from assessments.services.draws.prepare import Terms, exclude, fix_seed, freeze_population, include
from assessments.services.draws.pull import draw_names, redraw

__all__ = ("Terms", "draw_names", "exclude", "fix_seed", "freeze_population", "include", "redraw")

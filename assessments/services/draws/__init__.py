"""The only writers of draws: the seed is said, the population frozen, names drawn and drawn anew; each call atomic."""

from assessments.services.draws.freezing import AT_ONCE, freeze_population, progress_of, stop_freezing
from assessments.services.draws.prepare import Terms, exclude, fix_seed, include
from assessments.services.draws.pull import draw_names, redraw

__all__ = (
    "AT_ONCE",
    "Terms",
    "draw_names",
    "exclude",
    "fix_seed",
    "freeze_population",
    "include",
    "progress_of",
    "redraw",
    "stop_freezing",
)

"""What differs between two rubrics, so that a person can read it: `compare` two blueprints, `words` for the page."""

from rubrics.difference.compare import Change, Difference, FieldChange, GroupChange, ItemChange, Kind, compare

__all__ = ("Change", "Difference", "FieldChange", "GroupChange", "ItemChange", "Kind", "compare")

"""What the importer could not decide: the doubt, its sentence, its options, and settling it."""

from rubrics.importers.doubts.kinds import Code, Doubt, Option, Reason
from rubrics.importers.doubts.settle import StaleDoubtError, apply
from rubrics.importers.doubts.wording import option_label, refusal, sentence

__all__ = ["Code", "Doubt", "Option", "Reason", "StaleDoubtError", "apply", "option_label", "refusal", "sentence"]

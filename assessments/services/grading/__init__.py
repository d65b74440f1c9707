"""The only writers of what persons decide on grades: a cycle's rules, rulings by two persons, third opinions."""

from assessments.services.grading.opinions import give_opinion
from assessments.services.grading.rules import Rules, change_rules
from assessments.services.grading.rulings import confirm_ruling, propose_ruling, withdraw_ruling

__all__ = ("Rules", "change_rules", "confirm_ruling", "give_opinion", "propose_ruling", "withdraw_ruling")

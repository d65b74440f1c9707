"""What is typed about drafts. Forms judge single fields; the edits and the services judge the rest."""

from rubrics.forms.drafts import ImportForm, PublishForm
from rubrics.forms.items import GroupForm, ItemForm, SectionForm, SplitForm
from rubrics.forms.rules import KindsForm, RuleForm
from rubrics.forms.whole import LISTS, FactsForm, Rows

__all__ = (
    "LISTS",
    "FactsForm",
    "GroupForm",
    "ImportForm",
    "ItemForm",
    "KindsForm",
    "PublishForm",
    "Rows",
    "RuleForm",
    "SectionForm",
    "SplitForm",
)

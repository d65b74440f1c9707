"""What may be done to a draft, each a pure function Blueprint -> Blueprint that refuses with a sentence.

`rubrics.drafting.change` carries one out on the stored draft. Rows are named by key, sections by number from 0.
"""

from rubrics.drafting.edits.items import (
    blank,
    change_duties,
    change_item,
    insert_item,
    merge_items,
    move_item,
    move_item_to_end,
    next_key,
    remove_item,
    shift_item,
    split_item,
)
from rubrics.drafting.edits.rules import Ruling, gate_measure, set_rule
from rubrics.drafting.edits.sections import (
    change_section,
    group_items,
    insert_section,
    remove_section,
    shift_section,
    ungroup,
)
from rubrics.drafting.edits.whole import change_facts, set_audiences, set_bands, set_caps, set_columns, set_offices

__all__ = (
    "Ruling",
    "blank",
    "change_duties",
    "change_facts",
    "change_item",
    "change_section",
    "gate_measure",
    "group_items",
    "insert_item",
    "insert_section",
    "merge_items",
    "move_item",
    "move_item_to_end",
    "next_key",
    "remove_item",
    "remove_section",
    "set_audiences",
    "set_bands",
    "set_caps",
    "set_columns",
    "set_offices",
    "set_rule",
    "shift_item",
    "shift_section",
    "split_item",
    "ungroup",
)

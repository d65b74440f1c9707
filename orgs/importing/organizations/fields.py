"""The columns of a list of organisations, and what its notes say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.importing.spec import Field
from orgs.models import Level, OrganizationKind

if TYPE_CHECKING:
    from collections.abc import Sequence


def kind_words() -> list[str]:
    return list(OrganizationKind.objects.values_list("name", flat=True))


def level_words() -> list[str]:
    return [str(label) for label in Level.labels]


LEVEL_SYNONYMS = {
    Level.COUNTY: ("区", "县区", "区县", "县市区", "旗县"),
    Level.INDUSTRY: ("产业工会", "行业"),
    Level.TOWNSHIP: ("乡镇", "街道", "乡镇街道", "镇街", "乡", "镇"),
    Level.GRASSROOTS: ("基层工会", "基层单位"),
}
"""Other words that lists have for a level, without 级."""

FIELDS = (
    Field(
        "name",
        gettext_lazy("Organisation name"),
        ("单位名称", "工会名称", "组织名称", "单位", "单位全称", "工会全称", "基层工会名称", "名称", "name"),
        needed=True,
        help=gettext_lazy("The full name. Needed in every row."),
        example="某某街道总工会",
        width=34,
    ),
    Field(
        "code",
        gettext_lazy("Unified social credit code"),
        ("统一社会信用代码", "信用代码", "社会信用代码", "统一信用代码", "统一代码", "机构代码", "法人代码", "code"),
        help=gettext_lazy(
            "18 characters, in cells formatted as text. An organisation that has one is found by it, even when its "
            "name has changed."
        ),
        width=24,
    ),
    Field(
        "parent",
        gettext_lazy("Superior union of the organisation"),
        (
            "上级工会",
            "上级单位",
            "上级工会名称",
            "上级单位名称",
            "上级组织",
            "主管工会",
            "所属工会",
            "隶属工会",
            "上级",
            "parent",
        ),
        help=gettext_lazy(
            "Name, credit code, or the names from above joined by /, where several have the same name. It may be "
            "another row of this list, above or below. Left blank, a new organisation comes directly under the branch."
        ),
        example="某某区总工会",
        width=34,
    ),
    Field(
        "industrial_union",
        gettext_lazy("Industrial union of the organisation"),
        (
            "产业工会",
            "行业主管工会",
            "行业工会",
            "所属产业工会",
            "主管产业工会",
            "产业主管工会",
            "industrial union",
        ),
        help=gettext_lazy(
            "Only for an organisation with two superiors: the second one, written like the first. It must have the "
            "level Industry."
        ),
        width=34,
    ),
    Field(
        "kind",
        gettext_lazy("Organisation kind"),
        ("单位类别", "单位性质", "工会类别", "单位类型", "工会类型", "组织类型", "类别", "性质", "类型", "kind"),
        help=gettext_lazy("One of the list. It decides which rubric is used; needed for a new organisation."),
        words=kind_words,
        width=30,
    ),
    Field(
        "level",
        gettext_lazy("Organisation level"),
        ("层级", "级别", "工会层级", "工会级别", "单位层级", "单位级别", "level"),
        help=gettext_lazy(
            "One of the list. Left blank, that of a new organisation follows from its kind or its superior union."
        ),
        words=level_words,
        width=12,
    ),
    Field(
        "members",
        gettext_lazy("Number of members"),
        ("会员人数", "会员数", "会员总数", "会员总人数", "工会会员数", "工会会员人数", "人数", "members"),
        help=gettext_lazy("A whole number."),
        example="1200",
        width=12,
    ),
    Field(
        "contact",
        gettext_lazy("Contact person of the organisation"),
        ("联系人", "联系人姓名", "工会联系人", "负责人", "经办人", "contact"),
        example="王芳",
        width=14,
    ),
    Field(
        "phone",
        gettext_lazy("Phone of the contact person"),
        ("电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "联系人电话", "办公电话", "phone"),
        example="024-12345678",
        width=18,
    ),
)


def notes() -> Sequence[str]:
    return (
        _("Delete the example row before you upload the list."),
        _("Rows may stand in any order. An organisation that exists is changed, one that does not is added."),
        _("It is found by its credit code, else by its name under the same superior union."),
        _("A blank cell leaves what is stored of an organisation as it is; a single - empties it."),
        _("Nothing is written before you have seen what would change, and nothing while one row is wrong."),
    )

"""The columns of a list of people, and what its notes say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.importing.spec import Field
from orgs.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence


def role_words() -> list[str]:
    return [str(label) for label in Role.labels]


ROLE_SYNONYMS = {
    Role.CLERK: ("填报人", "填报", "经办人"),
    Role.CHAIR: ("主席", "工会主席", "单位负责人"),
    Role.DEPARTMENT_ASSESSOR: ("部门考核员", "科室考核员", "责任部室考核员"),
    Role.ASSESSOR: ("考核人", "考评员"),
    Role.REVIEWER: ("复核人",),
    Role.ADMIN: ("管理人员", "单位管理员"),
    Role.AUDITOR: ("审计", "监督员"),
}
"""Other words that lists have for a role."""

FIELDS = (
    Field(
        "name",
        gettext_lazy("Full name"),
        ("姓名", "人员姓名", "名字", "用户姓名", "name"),
        help=gettext_lazy("Needed for a new person."),
        example="张伟",
        width=14,
    ),
    Field(
        "phone",
        gettext_lazy("Phone number"),
        ("手机号", "手机", "手机号码", "电话", "联系电话", "电话号码", "phone"),
        help=gettext_lazy("Can be used to log in. A person is found by it."),
        example="13900000001",
        width=18,
    ),
    Field(
        "username",
        gettext_lazy("User name"),
        ("登录名", "用户名", "账号", "帐号", "登录账号", "登录帐号", "username"),
        help=gettext_lazy("For logging in. Left empty, it is made from the name in pinyin. A person is found by it."),
        width=20,
    ),
    Field(
        "organization",
        gettext_lazy("Organisation of the post"),
        ("单位", "单位名称", "工会名称", "所在单位", "所在工会", "所属单位", "组织", "工会组织", "organization"),
        needed=True,
        help=gettext_lazy("Name, credit code, or the names from above joined by /, where several have the same name."),
        example="某某街道总工会",
        width=34,
    ),
    Field(
        "role",
        gettext_lazy("Role"),
        ("角色", "岗位", "职责", "身份", "权限", "role"),
        needed=True,
        help=gettext_lazy("One of the list."),
        words=role_words,
        width=14,
    ),
    Field(
        "department",
        gettext_lazy("Department"),
        ("部室", "责任部室", "部门", "科室", "所在部室", "所在部门", "department"),
        help=gettext_lazy("For a department assessor only: a department that the organisation has already."),
        width=20,
    ),
)


def notes() -> Sequence[str]:
    return (
        _("Delete the example row before you upload the list."),
        _("One row for each post. Somebody with several posts stands in several rows with the same phone number."),
        _("People are found by phone number or user name; who is not found is added. No row takes a post away."),
        _("A blank cell leaves what is stored of a person as it is; a single - removes the phone number."),
        _("Nothing is written before you have seen what would change, and nothing while one row is wrong."),
        _("The first passwords are not in this list: print the slips once it is written."),
    )

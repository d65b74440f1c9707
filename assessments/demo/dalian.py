"""全市工会“六个专项行动”: districts and industrial unions under one rubric, some items for districts only."""

from assessments.demo.sites import SHOWN_UNIT, Department, Site, Unit, keeper, person
from orgs.models import Level
from orgs.roles import Role


def district(name: str, members: int, username: str, keeper_name: str) -> Unit:
    return Unit(f"{name}总工会", "county", Level.COUNTY, members, keeper(username, keeper_name))


def industry(name: str, members: int, username: str, keeper_name: str) -> Unit:
    return Unit(f"{name}工会", "industry", Level.INDUSTRY, members, keeper(username, keeper_name))


SEA_VIEW = Unit(
    "望海区总工会",
    "county",
    Level.COUNTY,
    132000,
    (person("dl-clerk", "蓝海晴", Role.CLERK), person("dl-chair", "江远帆", Role.CHAIR)),
    stands=SHOWN_UNIT,
)
CITY = Unit(
    "大连市总工会",
    "city",
    Level.CITY,
    1240000,
    (
        person("dl-assessor", "衡若望", Role.ASSESSOR),
        person("dl-reviewer", "钟鸣远", Role.REVIEWER),
        person("dl-admin", "司晨", Role.ADMIN),
        person("dl-organization", "祖立群", Role.DEPARTMENT_ASSESSOR, department="组织部"),
        person("dl-women", "秦若兰", Role.DEPARTMENT_ASSESSOR, department="女职工部"),
        person("dl-audit", "金明", Role.DEPARTMENT_ASSESSOR, department="经审办"),
        person("dl-democracy", "闵言和", Role.DEPARTMENT_ASSESSOR, department="民管部"),
        person("dl-economy", "景业", Role.DEPARTMENT_ASSESSOR, department="经济部"),
        person("dl-law", "房思明", Role.DEPARTMENT_ASSESSOR, department="法律部"),
        person("dl-publicity", "白若鸿", Role.DEPARTMENT_ASSESSOR, department="宣教部"),
        person("dl-welfare", "温如春", Role.DEPARTMENT_ASSESSOR, department="生活部"),
    ),
    departments=(
        Department("组织部"),
        Department("女职工部"),
        Department("经审办", "经费审查委员会办公室"),
        Department("民管部", "民主管理部"),
        Department("经济部"),
        Department("法律部"),
        Department("宣教部", "宣传教育部"),
        Department("生活部"),
    ),
    below=(
        SEA_VIEW,
        district("石湾区", 98000, "dl-shiwan", "石晚晴"),
        district("北坡市", 76500, "dl-beipo", "高北辰"),
        district("松岗县", 41200, "dl-songgang", "宋青岗"),
        district("新港开发区", 88700, "dl-xingang", "康新月"),
        industry("港口运输产业", 36400, "dl-port", "周行远"),
        industry("机械冶金产业", 52100, "dl-machinery", "田如山"),
        industry("教育科技产业", 44800, "dl-education", "史明苗"),
        industry("轻工纺织产业", 28900, "dl-textile", "纪锦云"),
    ),
)
SITE = Site(
    document="six-special-actions",
    title="{year}年全市工会“六个专项行动”检查",
    root=CITY,
    owner=CITY.name,
    branch=CITY.name,
    shown=(
        "dl-clerk",
        "dl-chair",
        "dl-organization",
        "dl-women",
        "dl-audit",
        "dl-democracy",
        "dl-economy",
        "dl-law",
        "dl-publicity",
        "dl-welfare",
        "dl-assessor",
        "dl-admin",
    ),
)

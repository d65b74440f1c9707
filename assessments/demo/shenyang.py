"""沈阳市六好街道（乡镇）工会: three stages. The streets score themselves, the district assesses, the city reviews."""

from assessments.demo.sites import SHOWN_UNIT, Site, Unit, keeper, person
from orgs.models import Level
from orgs.roles import Role


def street(name: str, members: int, username: str, keeper_name: str) -> Unit:
    return Unit(f"{name}总工会", "township", Level.TOWNSHIP, members, keeper(username, keeper_name))


RIVERSIDE = Unit(
    "滨河街道总工会",
    "township",
    Level.TOWNSHIP,
    6240,
    (person("sy-clerk", "田禾", Role.CLERK), person("sy-chair", "顾长青", Role.CHAIR)),
    stands=SHOWN_UNIT,
)
DISTRICT = Unit(
    "云杉区总工会",
    "county",
    Level.COUNTY,
    48600,
    (
        person("sy-assessor", "林知远", Role.ASSESSOR),
        person("sy-district-admin", "叶秋实", Role.ADMIN),
    ),
    below=(
        RIVERSIDE,
        street("青松街道", 5180, "sy-qingsong", "乔松年"),
        street("柳荫街道", 4730, "sy-liuyin", "柳依然"),
        street("望湖街道", 7020, "sy-wanghu", "湛波"),
        street("南坡街道", 3960, "sy-nanpo", "高向阳"),
        street("春晓街道", 5510, "sy-chunxiao", "梅映雪"),
        street("石桥乡", 2380, "sy-shiqiao", "石青山"),
        street("麦田镇", 3140, "sy-maitian", "麦秋"),
    ),
)
CITY = Unit(
    "沈阳市总工会",
    "city",
    Level.CITY,
    1860000,
    (
        person("sy-reviewer", "方言", Role.REVIEWER),
        person("sy-admin", "苏定安", Role.ADMIN),
        person("sy-auditor", "严守一", Role.AUDITOR),
    ),
    below=(DISTRICT,),
)
SITE = Site(
    document="shenyang-six-good",
    title="{year}年云杉区六好街道（乡镇）工会考核",
    root=CITY,
    owner=CITY.name,
    branch=DISTRICT.name,
    shown=("sy-clerk", "sy-chair", "sy-assessor", "sy-reviewer", "sy-admin", "sy-auditor"),
)

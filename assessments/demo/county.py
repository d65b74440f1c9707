"""全县工会工作目标考核: four rubrics by kind; each department of the county union marks its own items."""

from assessments.demo.sites import SHOWN_UNIT, Department, Site, Unit, keeper, person
from orgs.models import Level
from orgs.roles import Role


def member(name: str, kind: str, members: int, username: str, keeper_name: str) -> Unit:
    level = {"township": Level.TOWNSHIP, "direct_enterprise": Level.GRASSROOTS}.get(kind, Level.INDUSTRY)
    return Unit(name, kind, level, members, keeper(username, keeper_name))


GREEN_HILL = Unit(
    "青山乡总工会",
    "township",
    Level.TOWNSHIP,
    2860,
    (person("county-clerk", "安小满", Role.CLERK), person("county-chair", "岳青峰", Role.CHAIR)),
    stands=SHOWN_UNIT,
)
ENTERPRISES = (
    member("丰泽面粉厂工会", "direct_enterprise", 420, "county-fengze", "麦冬"),
    member("晨光水泥有限公司工会", "direct_enterprise", 680, "county-chenguang", "石坚"),
    member("禾丰县自来水公司工会", "direct_enterprise", 210, "county-water", "江澈"),
)
COUNTY = Unit(
    "禾丰县总工会",
    "county",
    Level.COUNTY,
    61200,
    (
        person("county-assessor", "计衡", Role.ASSESSOR),
        person("county-reviewer", "舒理", Role.REVIEWER),
        person("county-admin", "管旭", Role.ADMIN),
        person("county-auditor", "简真", Role.AUDITOR),
        person("county-office", "文思齐", Role.DEPARTMENT_ASSESSOR, department="办公室"),
        person("county-organization", "祖念慈", Role.DEPARTMENT_ASSESSOR, department="组织部"),
        person("county-production", "宁远", Role.DEPARTMENT_ASSESSOR, department="生产保护部"),
        person("county-aid", "温如玉", Role.DEPARTMENT_ASSESSOR, department="保障部"),
        person("county-openness", "明月华", Role.DEPARTMENT_ASSESSOR, department="厂务公开办公室"),
        person("county-publicity", "宣若水", Role.DEPARTMENT_ASSESSOR, department="宣教部"),
    ),
    departments=(
        Department("办公室"),
        Department("组织部"),
        Department("生产保护部"),
        Department("保障部"),
        Department("厂务公开办公室"),
        Department("宣教部", "宣传部"),
    ),
    below=(
        GREEN_HILL,
        member("桃源镇总工会", "township", 3410, "county-taoyuan", "陶然"),
        member("柏树乡总工会", "township", 1980, "county-baishu", "柏长风"),
        member("长塘镇总工会", "township", 2750, "county-changtang", "池映月"),
        member("禾丰县产业集聚区总工会", "township", 5230, "county-park", "章集贤"),
        member("教育系统工会", "system", 4120, "county-education", "师道远"),
        member("卫生健康系统工会", "system", 2360, "county-health", "康百里"),
        member("交通运输系统工会", "system", 1540, "county-transport", "陆行远"),
        member("党群系统工会", "party_government_system", 860, "county-party", "诸明"),
        member("政府系统工会", "party_government_system", 1720, "county-government", "郑岩"),
        member("政法系统工会", "party_government_system", 1130, "county-justice", "平川"),
        *ENTERPRISES,
    ),
)
SITE = Site(
    document="county-annexes",
    title="{year}年全县工会工作目标考核",
    root=COUNTY,
    owner=COUNTY.name,
    branch=COUNTY.name,
    shown=(
        "county-clerk",
        "county-chair",
        "county-office",
        "county-organization",
        "county-production",
        "county-aid",
        "county-openness",
        "county-publicity",
        "county-assessor",
        "county-reviewer",
        "county-admin",
        "county-auditor",
    ),
)

"""江苏省模范职工之家: three rubrics by level, each union judged by the one right above it."""

from assessments.demo.sites import SHOWN_UNIT, Site, Unit, keeper, person
from orgs.models import Level
from orgs.roles import Role


def base(name: str, kind: str, members: int, username: str, keeper_name: str) -> Unit:
    return Unit(f"{name}工会", kind, Level.GRASSROOTS, members, keeper(username, keeper_name))


FACTORY = Unit(
    "江澜市锦帆造船有限公司工会",
    "private",
    Level.GRASSROOTS,
    1240,
    (person("js-clerk", "程小舟", Role.CLERK), person("js-chair", "樊正举", Role.CHAIR)),
    stands=SHOWN_UNIT,
)
WATER_TOWN = Unit(
    "芦荡镇总工会",
    "township",
    Level.TOWNSHIP,
    8650,
    (
        person("js-town-clerk", "卢白露", Role.CLERK),
        person("js-town-chair", "沈映天", Role.CHAIR),
        person("js-town-assessor", "何清正", Role.ASSESSOR),
    ),
    below=(
        FACTORY,
        base("芦荡镇云织服装有限公司", "private", 386, "js-garment", "云晓裳"),
        base("芦荡镇中心小学", "public_enterprise", 94, "js-school", "蒙启航"),
        base("芦荡镇机关", "agency", 68, "js-town-agency", "廉行之"),
    ),
)
BAMBOO_TOWN = Unit(
    "竹溪街道总工会",
    "township",
    Level.TOWNSHIP,
    5420,
    (person("js-zhuxi", "祝有节", Role.CLERK, Role.CHAIR, Role.ASSESSOR),),
    below=(
        base("竹溪街道竹韵家具有限公司", "private", 214, "js-furniture", "褚木森"),
        base("竹溪街道社区卫生服务中心", "public_enterprise", 77, "js-clinic", "简民生"),
    ),
)
SOUTH_LAKE = Unit(
    "南湖县总工会",
    "county",
    Level.COUNTY,
    86300,
    (
        person("js-county", "胡心远", Role.CLERK, Role.CHAIR),
        person("js-county-assessor", "南知秋", Role.ASSESSOR),
        person("js-county-admin", "胡映章", Role.ADMIN),
    ),
    below=(
        WATER_TOWN,
        BAMBOO_TOWN,
        Unit("南湖县纺织行业工会联合会", "federation", Level.INDUSTRY, 12400, keeper("js-weaving", "沙如雪")),
    ),
)
EAST_BANK = Unit(
    "东堤区总工会",
    "county",
    Level.COUNTY,
    104500,
    (
        person("js-dongdi", "东方晓", Role.CLERK, Role.CHAIR),
        person("js-dongdi-assessor", "狄柳青", Role.ASSESSOR),
    ),
    below=(
        Unit("渡口街道总工会", "township", Level.TOWNSHIP, 7310, keeper("js-dukou", "杜千帆")),
        Unit("东堤区快递行业工会联合会", "federation", Level.INDUSTRY, 5860, keeper("js-express", "揭明达")),
        base("东堤区图书馆", "public_enterprise", 52, "js-library", "臧书云"),
    ),
)
CITY = Unit(
    "江澜市总工会",
    "city",
    Level.CITY,
    724000,
    (
        person("js-assessor", "江行之", Role.ASSESSOR),
        person("js-reviewer", "澜静远", Role.REVIEWER),
        person("js-admin", "江令仪", Role.ADMIN),
    ),
    below=(
        SOUTH_LAKE,
        EAST_BANK,
        Unit("栖霞岭县总工会", "county", Level.COUNTY, 58900, keeper("js-qixialing", "夏满山")),
    ),
)
PROVINCE = Unit(
    "江苏省总工会",
    "province",
    Level.PROVINCE,
    9600000,
    (person("js-auditor", "苏明远", Role.AUDITOR),),
    below=(CITY,),
)
SITE = Site(
    document="jiangsu-model-home",
    title="{year}年模范职工之家考核验收",
    root=PROVINCE,
    owner=CITY.name,
    branch=CITY.name,
    shown=(
        "js-clerk",
        "js-chair",
        "js-town-assessor",
        "js-county-assessor",
        "js-assessor",
        "js-reviewer",
        "js-admin",
        "js-auditor",
    ),
)

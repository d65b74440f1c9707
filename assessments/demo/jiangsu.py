"""江苏省模范职工之家: three rubrics by level, each union judged by the one right above it."""

from datetime import date

from assessments.demo.honours import Candidate, Held, Honours, Round
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
    (
        person("js-auditor", "苏明远", Role.AUDITOR),
        person("js-province", "苏致和", Role.REVIEWER),
    ),
    below=(CITY,),
)
SCHOOL, FURNITURE = "芦荡镇中心小学工会", "竹溪街道竹韵家具有限公司工会"
CLINIC, GARMENT, LIBRARY = "竹溪街道社区卫生服务中心工会", "芦荡镇云织服装有限公司工会", "东堤区图书馆工会"
HONOURS = Honours(
    ladder="jiangsu-model-home",
    recorder=CITY.name,
    held=(
        Held(FACTORY.name, "qualified", date(2015, 12, 18), "江工发〔2015〕71号"),
        Held(FACTORY.name, "city-model", date(2018, 4, 27), "江工发〔2018〕23号"),
        Held(FACTORY.name, "province-model", date(2021, 4, 29), "苏工发〔2021〕9号"),
        Held(GARMENT, "qualified", date(2019, 12, 20), "江工发〔2019〕66号"),
        Held(SCHOOL, "qualified", date(2020, 12, 22), "江工发〔2020〕58号"),
    ),
    rounds=(
        Round(
            CITY.name,
            "{year}年江澜市模范职工之家评选",
            (
                Candidate(
                    SCHOOL,
                    "city-model",
                    WATER_TOWN.name,
                    Role.ASSESSOR,
                    "教职工代表大会制度健全，职工之家面向全体教职工开放。",
                    decided=True,
                ),
                Candidate(
                    FURNITURE,
                    "city-model",
                    SOUTH_LAKE.name,
                    Role.ADMIN,
                    "当年建成职工书屋和心理驿站，会员满意度高。",
                    refused="本年度发生一起集体劳动争议，尚未办结，待办结后再行推荐。",
                ),
                Candidate(
                    CLINIC, "city-model", BAMBOO_TOWN.name, Role.ASSESSOR, "坚持每季度听取会员意见，办实事十二件。"
                ),
                Candidate(
                    GARMENT, "city-model", WATER_TOWN.name, Role.ASSESSOR, "工资集体协商连续五年签订、履约率百分之百。"
                ),
                Candidate(LIBRARY, "qualified", EAST_BANK.name, Role.ASSESSOR, "首次申报，制度、阵地、经费三落实。"),
            ),
        ),
        Round(
            PROVINCE.name,
            "第九轮江苏省模范职工之家、“十佳模范职工之家”评选",
            (
                Candidate(
                    FACTORY.name,
                    "top-ten",
                    CITY.name,
                    Role.ADMIN,
                    "省模范职工之家，连续多年开展会员评家，职工技能竞赛在全省有影响。",
                ),
                Candidate(
                    GARMENT, "province-model", CITY.name, Role.ADMIN, "女职工权益保护工作走在全市前列。", decided=True
                ),
            ),
        ),
    ),
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
        "js-province",
    ),
    honours=HONOURS,
)

"""固原市基层工会组织年检: six rubrics by kind, five stars. Every union is inspected by the one right above it.

The county's first primary school has two superiors: the county assesses it, and the city's industrial union reads.

The aims spread over all five stars, with one union at 89.5: four stars, as nothing is rounded. The document also names
新就业形态群体 but has no table for them, so the cycle leaves that kind out on purpose.
"""

from collections.abc import Mapping

from assessments.demo.sites import SHOWN_UNIT, Site, Unit, keeper, person
from orgs.models import Level
from orgs.roles import Role

INSTITUTION = "本单位为事业单位，不属于公司制企业。"
VILLAGE = "本村没有公司制企业。"
ASSOCIATION = "本单位为社会组织，没有董事会和监事会。"


def base(
    name: str,
    kind: str,
    members: int,
    username: str,
    keeper_name: str,
    aim: str,
    claims: Mapping[str, str] | None = None,
) -> Unit:
    return Unit(
        f"{name}工会", kind, Level.GRASSROOTS, members, keeper(username, keeper_name), aim=aim, claims=claims or {}
    )


def township(name: str, members: int, username: str, keeper_name: str, aim: str, below: tuple[Unit, ...] = ()) -> Unit:
    people = (person(username, keeper_name, Role.CLERK, Role.CHAIR, Role.ASSESSOR),)
    return Unit(f"{name}工会", "township", Level.TOWNSHIP, members, people, below=below, aim=aim)


SCHOOL = Unit(
    "清泉县第一小学工会",
    "public_enterprise",
    Level.GRASSROOTS,
    126,
    (person("gy-clerk", "苗青青", Role.CLERK), person("gy-chair", "师若谷", Role.CHAIR)),
    aim="93.5",
    claims={"8": INSTITUTION, "18": INSTITUTION},
    stands=SHOWN_UNIT,
    industrial="固原市教科文卫工会",
)
CLEAR_SPRING = Unit(
    "清泉县总工会",
    "county",
    Level.COUNTY,
    32400,
    (person("gy-assessor", "马知途", Role.ASSESSOR), person("gy-county-admin", "管清泉", Role.ADMIN)),
    below=(
        SCHOOL,
        base("清泉县供水公司", "public_enterprise", 184, "gy-water", "景甘泉", "89.5"),
        base("清泉县财政局机关", "agency", 73, "gy-finance", "钱致和", "96"),
        base("清泉县塞上枸杞食品有限公司", "private", 312, "gy-food", "苟立秋", "84.5"),
        base(
            "清泉县志愿服务协会", "private", 46, "gy-volunteer", "祝安乐", "78", {"9": ASSOCIATION, "19": ASSOCIATION}
        ),
        Unit(
            "清泉县餐饮行业工会联合会",
            "federation",
            Level.GRASSROOTS,
            920,
            keeper("gy-catering", "范香远"),
            aim="72.5",
        ),
        township(
            "黄土梁乡",
            1460,
            "gy-huangtuliang",
            "梁厚土",
            "87",
            (
                base("黄土梁乡梨花村", "village", 164, "gy-lihua", "李沐", "91", {"6": VILLAGE}),
                base("黄土梁乡杏树村", "village", 118, "gy-xingshu", "辛树人", "66.5", {"6": VILLAGE}),
                base("黄土梁乡泉水沟村", "village", 87, "gy-quanshui", "全涌泉", "54"),
            ),
        ),
        base("清泉县骑手之家", "new_employment", 240, "gy-riders", "骆驰", ""),
    ),
)
WILLOW = Unit(
    "柳川区总工会",
    "county",
    Level.COUNTY,
    45100,
    (person("gy-liuchuan", "柳平川", Role.ASSESSOR),),
    below=(
        base(
            "柳川区人民医院",
            "public_enterprise",
            538,
            "gy-hospital",
            "邢林春",
            "88",
            {"8": INSTITUTION, "18": INSTITUTION},
        ),
        base("柳川区教育局机关", "agency", 58, "gy-education", "席之言", "81.5"),
        base("柳川区朔风物流有限公司", "private", 205, "gy-logistics", "冯行健", "69.5"),
        base("柳川区晨曦纺织厂", "public_enterprise", 277, "gy-textile", "席晨", "75"),
        Unit(
            "柳川区建材园区工会联合会",
            "federation",
            Level.GRASSROOTS,
            1340,
            keeper("gy-building", "颜如石"),
            aim="86",
        ),
        township(
            "白杨镇",
            2180,
            "gy-baiyang",
            "杨屹",
            "91.5",
            (
                base("白杨镇河湾社区", "village", 306, "gy-hewan", "何映月", "82", {"6": "本社区没有公司制企业。"}),
                base("白杨镇大槐树村", "village", 142, "gy-dahuai", "怀安", "61"),
            ),
        ),
    ),
)
CITY = Unit(
    "固原市总工会",
    "city",
    Level.CITY,
    168000,
    (
        person("gy-city-assessor", "池度明", Role.ASSESSOR),
        person("gy-reviewer", "程静宜", Role.REVIEWER),
        person("gy-admin", "原野", Role.ADMIN),
        person("gy-auditor", "何慎之", Role.AUDITOR),
    ),
    below=(
        CLEAR_SPRING,
        WILLOW,
        Unit(
            SCHOOL.industrial,
            "industry",
            Level.INDUSTRY,
            21600,
            (person("gy-culture", "闻弦歌", Role.ASSESSOR, Role.ADMIN),),
        ),
        base(
            "固原市图书馆",
            "public_enterprise",
            64,
            "gy-library",
            "舒香远",
            "94.5",
            {"8": INSTITUTION, "18": INSTITUTION},
        ),
        base("市直机关事务", "agency", 210, "gy-agency", "岑静", "77.5"),
        base("固原市高原建筑有限公司", "private", 486, "gy-construction", "高岭", "57.5"),
    ),
)
SITE = Site(
    document="guyuan-annual-inspection",
    title="{year}年基层工会组织年检",
    root=CITY,
    owner=CITY.name,
    branch=CITY.name,
    shown=(
        "gy-clerk",
        "gy-chair",
        "gy-assessor",
        "gy-city-assessor",
        "gy-reviewer",
        "gy-admin",
        "gy-auditor",
        "gy-culture",
    ),
    objected="清泉县供水公司工会",
)

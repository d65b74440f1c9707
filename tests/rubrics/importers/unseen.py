"""Documents of shapes that the five source documents do not have (domain.md 3), made by hand in their manner."""

from __future__ import annotations

from documents import Paper

from rubrics.importers.grids import Table


def thousand() -> list[Table]:
    """1000 points, own words for the columns, points merged over rows in one place, a total row."""
    paper = Paper("××市总工会", "2024年度县（区）总工会重点工作目标考核评分标准（1000分）")
    paper.row("类别", "序号", "考核指标", "标准分", "自评", "考评", "得分说明")
    paper.row(("自身建设（350分）", 3, 1), "1", "领导班子建设有力，民主集中制落实到位。", "150", "", "", "")
    paper.row(None, "2", "工会组织健全，独立管理经费。", "120", "", "", "")
    paper.row(None, "3", "工会干部教育培训覆盖率达到90%以上。", "80", "", "", "")
    paper.row(("维权服务（400分）", 2, 1), "4", "集体协商建制率达到85%。", "200", "", "", "")
    paper.row(None, "5", "困难职工帮扶全覆盖。", "200", "", "", "")
    paper.row(("创新发展（250分）", 2, 1), "6", "劳动和技能竞赛广泛开展。", "150", "", "", "")
    paper.row(None, "7", "信息宣传工作。", "100", "", "", "")
    paper.row(("合计", 1, 3), None, None, "1000", "", "", "")
    return [paper.table("说明：本标准实行千分制。")]


def merged_points() -> list[Table]:
    """标准分/自检/考核, one cell of 15 points for three rows."""
    paper = Paper("基层工会规范化建设考核表")
    paper.row("项目", "考核内容", "标准分", "自检", "考核")
    paper.row(("组织建设", 4, 1), "依法建立工会组织，按期换届。", "10", "", "")
    paper.row(None, "建立工会小组，", ("15", 3, 1), "", "")
    paper.row(None, "健全工作制度，", None, "", "")
    paper.row(None, "档案资料齐全。", None, "", "")
    paper.row("作用发挥", "服务职工群众满意。", "25", "", "")
    paper.row("合计", "", "50", "", "")
    return [paper.table()]


def headed() -> list[Table]:
    """The whole of the points in the heading of the first column; a row of veto below; the rows lack five points."""
    paper = Paper("附件1：", "向阳镇工会工作考核细则")
    paper.row("项目\n（100分）", "考核内容", "分值", "评分标准", "得分")
    paper.row(("组织建设40分", 2, 1), "1、加强工会组建。", "25", "查看台账", "")
    paper.row(None, "2、提高法人资格登记率。", "15", "登记率达90%以上得15分，80%以上得8分，70%以上得3分", "")
    paper.row("维权60分", "3、推进集体协商。", "55", "每缺一项扣2分", "")
    paper.row("一票否决", "发生重大安全事故的，取消当年评先资格。", "", "", "")
    return [paper.table()]


def deductions() -> list[Table]:
    """A column that says what is deducted, longer than a line, and 扣分 beside 得分."""
    paper = Paper("安全生产群众监督工作考核评分表")
    paper.row("序号", "考核项目", "考核内容", "分值", "扣分标准", "扣分", "得分")
    paper.row(
        "1", ("组织机构", 2, 1), "建立工会劳动保护监督检查委员会", "10", "未建立的不得分；缺一人扣0.5分。", "", ""
    )
    paper.row("2", None, "每季度召开一次例会", "8", "每少一次扣2分", "", "")
    paper.row("3", ("教育培训", 2, 1), "开展安全教育培训", "12", "培训率每低1个百分点扣0.2分", "", "")
    paper.row("4", None, "班组安全活动有记录", "20", "由考核组按资料酌情评分，资料应当真实、完整、可查。" * 8, "", "")
    paper.row(("合计", 1, 3), None, None, "50", "", "", "")
    return [paper.table()]


def three_levels() -> list[Table]:
    """一级/二级/三级指标 with the points of the first two in their labels."""
    paper = Paper("新就业形态工会工作评价指标体系", "（试行）")
    paper.row("一级指标", "二级指标", "三级指标", "分值", "评分标准", "自评得分", "复核得分")
    paper.row(("组织覆盖（40分）", 3, 1), ("建会（25分）", 2, 1), "行业工会联合会建立情况", "15", "建立得满分", "", "")
    paper.row(None, None, "平台企业建会情况", "10", "按完成率计分", "", "")
    paper.row(
        None,
        "入会（15分）",
        "货车司机等八大群体入会率",
        "15",
        "入会率达到80%得15分，达到60%得10分，达到40%得5分",
        "",
        "",
    )
    paper.row(("服务保障（60分）", 2, 1), "维权（30分）", "建立协商协调机制", "30", "", "", "")
    paper.row(None, "服务（30分）", "建设户外劳动者驿站", "30", "A级30分，B级20分，C级10分，D级0分", "", "")
    return [paper.table("备注：满分100分。")]


def gates() -> list[Table]:
    """必备项 and 一票否决 rows beside points."""
    paper = Paper("附件2：模范职工之家申报考评表")
    paper.row("项目", "内容", "要求", "分值", "自评分", "考评分")
    paper.row(("必备条件", 2, 1), "依法建会", "工会组织健全，取得法人资格", "必备", "", "")
    paper.row(None, "经费独立", "经费独立核算，足额拨缴", "必备", "", "")
    paper.row(("组织建设\n（60分）", 2, 1), "换届", "按期换届选举", "30", "", "")
    paper.row(None, "活动", "每年开展活动不少于4次", "30", "", "")
    paper.row("作用发挥\n（40分）", "评家", "会员评家满意率达到85%以上", "40", "", "")
    paper.row("一票否决", "安全事故", "发生较大以上安全生产事故的", "一票否决", "", "")
    return [paper.table()]


def plus_and_minus() -> list[Table]:
    """A section that adds and one that takes, with limits in their labels; the total is 100 without them."""
    paper = Paper("年度工会工作考核细则")
    paper.row("考核项目", "考核内容及标准", "分值", "得分")
    paper.row(("基础工作（100分）", 2, 1), "按要求完成年度重点工作。", "60", "")
    paper.row(None, "按时报送统计年报，迟报一次扣2分。", "40", "")
    paper.row(("加分项（最高10分）", 2, 1), "工作经验被国家级媒体报道加5分、省级加3分、市级加1分。", "", "")
    paper.row(None, "承办上级现场会的，每次加2分。", "", "")
    paper.row("减分项（最多扣5分）", "发生群体性事件的，每起扣5分。", "", "")
    paper.row("总分", "", "100", "")
    return [paper.table()]


def tiers() -> list[Table]:
    """Points inside the wording, in steps."""
    paper = Paper("附件1", "街道工会建家工作考核办法")
    paper.row("考核内容", "评分办法", "自查得分", "考评得分")
    paper.row("基层工会建家率。（3分）", "建家率达70%得3分，60%得2分，50%得1分", "", "")
    paper.row("劳动合同签订率。（4分）", "80%得4分，75%得3分，70%得2分，65%得1分", "", "")
    paper.row("会员实名制管理规范。（3分）", "查看台账", "", "")
    return [paper.table()]


def cut_in_two() -> list[Table]:
    """A portrait table on two pages: its rows go on without a heading, the label is printed once."""
    paper = Paper("机关工会考核标准")
    paper.row("项 目", "考 核 要 求", "分 数", "自评分", "考核分")
    paper.row(("思想引领30分", 2, 1), "1.组织职工学习不少于12次；", "15", "", "")
    paper.row(None, "2.选树先进典型；", "15", "", "")
    second = Paper()
    second.row(("服务职工70分", 2, 1), "1.走访慰问职工；", "35", "", "")
    second.row(None, "2.丰富文体活动。", "35", "", "")
    return [paper.table("— 1 —"), second.table("— 2 —")]


def sheet() -> list[Table]:
    """As an Excel sheet has it: titles above, labels in rows of their own, no merged labels, signatures below."""
    paper = Paper(
        "××县总工会", "2025年乡镇（街道）工会工作考核表", "被考核单位：                    考核时间：   年  月  日"
    )
    paper.row("序号", "考核内容", "分值", "自评分", "考核得分", "备注")
    paper.row("一、基层组织建设（40分）", "", "", "", "", "")
    paper.row("1", "新建工会组织5家以上", "20", "", "", "")
    paper.row("2", "发展会员200人", "20", "", "", "")
    paper.row("二、服务职工（60分）", "", "", "", "", "")
    paper.row("3", "开展送温暖活动", "25.5", "", "", "")
    paper.row("4", "建设职工书屋2个", "34.5", "", "", "")
    paper.row("合计", "", "100", "", "", "")
    paper.row("考核人（签字）：          被考核单位负责人（签字）：", "", "", "", "", "")
    return [paper.table()]


def wrong_label() -> list[Table]:
    """A label and a total that no reading of the rows fits, a number left out, a row printed twice."""
    paper = Paper("女职工工作考核标准")
    paper.row("项目", "序号", "考核内容", "分值", "自评分", "考评分")
    paper.row(("组织健全（30分）", 2, 1), "1", "建立女职工委员会并按期换届改选", "15", "", "")
    paper.row(None, "2", "配备女职工委员会主任并落实待遇", "10", "", "")
    paper.row(("维护权益（70分）", 3, 1), "4", "签订女职工权益保护专项集体合同", "30", "", "")
    paper.row(None, "5", "签订女职工权益保护专项集体合同", "20", "", "")
    paper.row(None, "6", "开展女职工劳动保护监督检查活动", "20", "", "")
    paper.row("合计", "", "", "100", "", "")
    return [paper.table()]


def group_cells() -> list[Table]:
    """Numbered parts in one cell whose points do not add up to the cell beside it."""
    paper = Paper("考核验收细则")
    paper.row("考核项目", "考核内容", "单项分", "自查分", "考评分")
    paper.row("组织健全10分", "1.依法建会； 3分\n2.按期换届； 3分", "6", "", "")
    paper.row("", "1.对照标准自评得分达80分；２分\n2.台账齐全。1分", "4", "", "")
    paper.row("合计", "", "10", "", "")
    return [paper.table()]


RUBRICS = {
    one.__name__: one
    for one in (
        thousand, merged_points, headed, deductions, three_levels, gates, plus_and_minus, tiers, cut_in_two, sheet,
        wrong_label, group_cells,
    )
}  # fmt: skip


# --- What is none ----------------------------------------------------------------------------------------------------


def phones() -> list[Table]:
    paper = Paper("工会干部通讯录").row("序号", "姓名", "单位", "职务", "手机")
    return [paper.row("1", "张三", "办公室", "主任", "13800000000").row("2", "李四", "组织部", "干事", "139").table()]


def attendance() -> list[Table]:
    paper = Paper("会议签到表").row("序号", "单位", "姓名", "签到", "联系电话")
    return [paper.row("1", "甲公司工会", "", "", "").row("2", "乙公司工会", "", "", "").table()]


def salary() -> list[Table]:
    paper = Paper("工资表").row("姓名", "基本工资", "绩效", "津贴", "实发")
    return [paper.row("张三", "5000", "1200", "300", "6500").row("李四", "4800", "1000", "300", "6100").table()]


def budget() -> list[Table]:
    paper = Paper("经费预算").row("项目", "内容", "金额（元）", "备注")
    return [paper.row("活动费", "职工运动会", "30000", "").row("培训费", "干部培训班", "12000", "").table()]


def statistics() -> list[Table]:
    paper = Paper("工会组织情况统计表").row("指标", "单位", "2023年", "2024年")
    return [paper.row("基层工会数", "个", "320", "356").row("会员人数", "人", "51234", "53870").table()]


def results() -> list[Table]:
    paper = Paper("2024年度考核结果").row("序号", "单位名称", "考核得分", "名次")
    return [paper.row("1", "甲街道总工会", "96.5", "1").row("2", "乙镇总工会", "95", "2").table()]


def results_by_section() -> list[Table]:
    paper = Paper("得分汇总").row("单位", "组织建设\n（20分）", "维权服务\n（30分）", "总分", "排名")
    return [paper.row("甲工会", "18", "27", "45", "1").row("乙工会", "17", "26", "43", "2").table()]


def plan() -> list[Table]:
    paper = Paper("工作安排").row("序号", "工作内容", "完成时限", "责任部门")
    return [paper.row("1", "召开全委会", "3月", "办公室").row("2", "开展调研", "5月", "组织部").table()]


OTHERS = {
    "phones": (phones, "roster"),
    "attendance": (attendance, "roster"),
    "salary": (salary, "money"),
    "budget": (budget, "money"),
    "statistics": (statistics, "statistics"),
    "results": (results, "results"),
    "results_by_section": (results_by_section, "results"),
    "plan": (plan, "no_points"),
}

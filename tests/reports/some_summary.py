"""A summary made by hand, with every kind of block, for the writers of Word, PDF and Excel."""

from decimal import Decimal

from bri_desktop.analysis.chart import Chart, Series
from bri_desktop.reports.document import (
    Block,
    Column,
    Figure,
    Heading,
    Layout,
    Paragraph,
    Picture,
    Runs,
    Section,
    SummaryDocument,
    Table,
    Value,
)

PLACES = ["捷克", "柬埔寨", "菲律宾", "白俄罗斯", "德国", "埃塞俄比亚", "哈萨克斯坦"]


class Figures:
    """Makes figures and keeps them by name."""

    def __init__(self) -> None:
        self.all: dict[str, Figure] = {}

    def __call__(self, name: str, value: Value, shown: str, unit: str = "") -> Figure:
        return self.all.setdefault(name, Figure(name, value, shown, unit))


def chinese_summary(
    *, rows: int = 40, layout: Layout = "official", mark: str = "示例数据，不作正式统计"
) -> SummaryDocument:
    """Return a Chinese summary whose annex has ``rows`` rows, of which 30 are printed."""
    f = Figures()
    sections = (_overview(f), _places(f), _kinds(f), _annex(f, rows))
    return SummaryDocument(
        2017,
        (2015, 2016, 2017),
        "submission",
        "zh_CN",
        layout,
        "2017年度城市国际合作情况总结",
        "某市人民政府外事办公室",
        "2018年1月15日",
        sections,
        f.all,
        mark,
        frozen=True,
        changed=frozenset({"y2017_new"}),
    )


def _overview(f: Figures) -> Section:
    text: Runs = (
        "截至2017年12月31日，在册合作项目",
        f("y2017_stock", 1168, "1,168"),
        "项，涉及",
        f("y2017_countries", 37, "37"),
        "个国家、",
        f("y2017_cities", 64, "64"),
        "个城市。全年新增项目",
        f("y2017_new", 16, "16"),
        "项，比上年增长",
        f("y2017_growth", 0.143, "14.3%"),
        "；新签协议",
        f("y2017_agreements", 15, "15"),
        "份，新结好城市",
        f("y2017_pairs", 3, "3"),
        "对。合同金额",
        f("y2017_amount", Decimal("18000.50"), "18,000.50"),
        "万元，有量化成果的项目占“实施中”项目的",
        f("y2017_with_outcome", 0.418, "41.8%"),
        "。",
    )
    years = Chart(
        "columns",
        ("2013", "2014", "2015", "2016", "2017"),
        (Series("新增项目", (9, 8, 12, 14, 16), (None, None, None, None, "y2017_new")),),
        "项",
        highlight=4,
    )
    blocks: tuple[Block, ...] = (
        Heading(1, "总体情况", "一、"),
        Paragraph(text),
        Heading(2, "合作规模", "（一）"),
        Paragraph(("居前三位的是捷克、柬埔寨和菲律宾。",)),
        Picture("pic_years", "图1", "2013—2017年新增项目（单位：项）", years),
        Heading(2, "市领导的话", "（二）"),
        Paragraph(("新签协议", f("y2017_agreements", 15, "15"), "份，工作有力。"), kind="own"),
    )
    return Section("overview", "总体情况", blocks, own=True, changed=("y2017_agreements",))


def _places(f: Figures) -> Section:
    columns = (
        Column("国家", width=2),
        Column("项目", "right", "项"),
        Column("占比", "right"),
        Column("金额", "right", "万元", 1.5),
    )
    counts = [12, 9, 7, 4, 2, 1, 0]
    rows = [
        (
            (name,),
            (f(f"c{number}_n", count, f"{count}"),),
            (f(f"c{number}_share", count / 35, f"{100 * count / 35:.1f}%"),),
            (f(f"c{number}_sum", Decimal(count) * Decimal("1200.25"), f"{count * 1200.25:,.2f}") if count else "—",),
        )
        for number, (name, count) in enumerate(zip(PLACES, counts, strict=True), 1)
    ]
    total = (
        ("合计",),
        (f("c_n", 35, "35"),),
        (f("c_share", 1.0, "100.0%"),),
        (f("c_sum", Decimal("42008.75"), "42,008.75"),),
    )
    table = Table(
        "t_countries",
        "表1",
        "国别分布",
        columns,
        (*rows, total),
        total=True,
        note="注：一个项目涉及几个国家的，各国分别计数。",
    )
    names = tuple(PLACES)
    bars = Chart(
        "bars", names, (Series("项目", tuple(map(float, counts)), tuple(f"c{n}_n" for n in range(1, 8))),), "项"
    )
    shares = tuple(count / 35 for count in counts)
    paired = Chart(
        "paired",
        names,
        (
            Series("实际占比", shares, tuple(f"c{n}_share" for n in range(1, 8))),
            Series("基准占比", (0.2,) * 7, baseline=True),
        ),
        decimals=1,
        percent=True,
    )
    blocks: tuple[Block, ...] = (
        Heading(1, "合作区域", "二、"),
        Paragraph(("各国项目数见表1。",)),
        table,
        Picture("pic_countries", "图2", "国别分布（单位：项）", bars, table="t_countries"),
        Heading(2, "与基准比较", "（一）"),
        Heading(3, "占比", "1."),
        Heading(4, "实际与基准", "（1）"),
        Paragraph(("占比最高的国家是捷克，为", f("c1_share", 12 / 35, "34.3%"), "。")),
        Picture("pic_paired", "图3", "国别占比与基准占比", paired, note="注：基准占比为各国在共建国家中的份额。"),
    )
    return Section("places", "合作区域", blocks)


def _kinds(f: Figures) -> Section:
    lines = Chart(
        "lines",
        ("2013", "2014", "2015", "2016", "2017"),
        (
            Series("友好城市", (5, 6, 6, 7, 9)),
            Series("园区", (1, None, 2, 2, 4)),
            Series("上年", (3, 3, 4, 5, 5), baseline=True),
        ),
        "项",
    )
    heat = Chart(
        "heat",
        ("政策沟通", "设施联通", "贸易畅通", "资金融通", "民心相通"),
        (Series("友好城市", (1, 0, 3, 2, 9)), Series("园区", (0, 5, 4, None, 1)), Series("机制", (2, 2, 0, 0, 3))),
    )
    blocks: tuple[Block, ...] = (
        Heading(1, "合作模式", "三、"),
        Paragraph(
            (
                "本年度",
                f("k_modes", 3, "3"),
                "种模式均有项目。",
            )
        ),
        Picture("pic_lines", "图4", "各模式项目数", lines),
        Picture("pic_heat", "图5", "模式与领域", heat),
    )
    return Section("kinds", "合作模式", blocks)


def _annex(f: Figures, count: int) -> Section:
    columns = (
        Column("序号", "center", width=0.6),
        Column("项目名称", width=3),
        Column("中方", width=1),
        Column("外方", width=1.4),
        Column("起始日期", "center", width=1.2),
        Column("金额", "right", "万元", 1.2),
    )
    rows = tuple(
        (
            (str(number),),
            (f"第{number}届城市青年交流与“一带一路”人文合作项目",),
            ("无锡市",),
            (PLACES[number % len(PLACES)],),
            ("2017-05-17",),
            (f(f"a_{number}_sum", Decimal(number) / 4, f"{number / 4:,.2f}"),),
        )
        for number in range(1, count + 1)
    )
    table = Table(
        "t_new",
        "表2",
        "2017年新增项目",
        columns,
        rows,
        limit=30,
        cut_note=f"共{count}项，此处列出前30项，其余见电子表格附件。" if count > 30 else "",
        wide=True,
    )
    return Section(
        "annex_new", "2017年新增项目一览", (Paragraph(("按起始日期排列。",)), table), annex=True, label="附件1"
    )

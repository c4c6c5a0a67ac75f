"""The ledger that is measured: so many different projects in a workbook of thirty columns, the same at every run."""

import random
from pathlib import Path
from typing import Any

COLUMNS = 30


def _words(text: str) -> list[str]:
    return text.split()


HEADERS = _words(
    """
    项目编号 项目名称 英文名称 中方城市 外方城市 国家 大洲 合作模式
    合作性质 状态 合作领域 其他领域 层级 责任部门 中方单位 外方单位
    签署日期 开始日期 结束日期 计划开始 计划结束 金额（万元） 成果数量 主要成果
    项目概况 来源 标签 公开属性 联系人 备注
    """
)
DOMESTIC = _words(
    """
    北京市 上海市 海口市 无锡市 临沂市 西宁市 佛山市 成都市
    重庆市 西安市 苏州市 广州市
    """
)
FOREIGN = (
    ("布拉格", "捷克", "欧洲"),
    ("明斯克", "白俄罗斯", "欧洲"),
    ("东京", "日本", "亚洲"),
    ("马尼拉", "菲律宾", "亚洲"),
    ("万象", "老挝", "亚洲"),
    ("柏林", "德国", "欧洲"),
    ("内罗毕", "肯尼亚", "非洲"),
    ("利马", "秘鲁", "南美洲"),
    ("惠灵顿", "新西兰", "大洋洲"),
    ("乌兰巴托", "蒙古", "亚洲"),
)
SUBJECTS = _words(
    """
    能源 港口 职业教育 中医药 环境治理 直飞航线 青年交流 产业园
    会展 农业技术 旅游推介 图书馆
    """
)


def make_ledger(path: Path, rows: int) -> None:
    """Write a ledger of ``rows`` different projects with thirty columns."""
    from bri_desktop.excel.writer import ExportColumn, write_ledger

    chance = random.Random(20171117)
    columns = [ExportColumn(header, header, 14) for header in HEADERS]
    write_ledger(path, title="台账", columns=columns, rows=(_bench_row(chance, number) for number in range(rows)))


def _bench_row(chance: random.Random, number: int) -> list[Any]:
    city, (foreign, country, continent) = chance.choice(DOMESTIC), chance.choice(FOREIGN)
    subject, year = chance.choice(SUBJECTS), chance.randint(1990, 2024)
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    return [
        f"B-{number:06d}",
        f"{city}与{foreign}{subject}合作项目第{number}期",
        f"Project {number}",
        city,
        foreign,
        country,
        continent,
        chance.choice(("友好城市", "园区示范", "交流机制")),
        chance.choice(("交流", "务实")),
        chance.choice(("签约", "实施", "完成", "意向")),
        chance.choice(("政策沟通", "设施联通", "贸易畅通", "资金融通")),
        "民心相通",
        chance.choice(("省级", "市级", "县级")),
        f"市{chance.choice(SUBJECTS)}局",
        f"{city}{subject}中心{chance.randint(1, 50)}",
        f"{foreign}{subject}协会{chance.randint(1, 50)}",
        f"{year}-{month:02d}-{day:02d}",
        f"{year}.{month}.{day}",
        None,
        f"{year}年",
        f"{year + 3}年{month}月",
        chance.randint(10, 900_000),
        f"培训学员 {chance.randint(10, 900)}人次",
        f"举办{subject}活动{chance.randint(1, 9)}场",
        f"双方就{subject}开展{chance.choice(SUBJECTS)}方面的长期合作，定期互访并共同申报项目。",
        "《台账》",
        subject,
        "公开",
        f"经办人{chance.randint(1, 300)}",
        f"第{number}行",
    ]

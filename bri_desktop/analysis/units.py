"""Names of units that no code list holds: subregions, the five continents of the report, the 17 goals."""

from bri_desktop.analysis.model import CodeRef
from bri_desktop.i18n import language

REGIONS_OF_CHINA = ("HK", "MO", "TW")
REGION_PROVINCES = ("710000", "810000", "820000")
MUNICIPALITIES = ("110000", "120000", "310000", "500000")

CONTINENTS_5 = (
    CodeRef("asia", "亚洲", "Asia"),
    CodeRef("europe", "欧洲", "Europe"),
    CodeRef("africa", "非洲", "Africa"),
    CodeRef("americas", "美洲", "Americas"),
    CodeRef("oceania", "大洋洲", "Oceania"),
)

SUBREGIONS = (
    CodeRef("eastern_asia", "东亚", "Eastern Asia"),
    CodeRef("southeastern_asia", "东南亚", "South-eastern Asia"),
    CodeRef("southern_asia", "南亚", "Southern Asia"),
    CodeRef("central_asia", "中亚", "Central Asia"),
    CodeRef("western_asia", "西亚", "Western Asia"),
    CodeRef("northern_europe", "北欧", "Northern Europe"),
    CodeRef("western_europe", "西欧", "Western Europe"),
    CodeRef("eastern_europe", "东欧", "Eastern Europe"),
    CodeRef("southern_europe", "南欧", "Southern Europe"),
    CodeRef("northern_africa", "北非", "Northern Africa"),
    CodeRef("western_africa", "西非", "Western Africa"),
    CodeRef("middle_africa", "中非", "Middle Africa"),
    CodeRef("eastern_africa", "东非", "Eastern Africa"),
    CodeRef("southern_africa", "南部非洲", "Southern Africa"),
    CodeRef("northern_america", "北美", "Northern America"),
    CodeRef("central_america", "中美洲", "Central America"),
    CodeRef("caribbean", "加勒比", "Caribbean"),
    CodeRef("south_america", "南美洲", "South America"),
    CodeRef("australia_new_zealand", "澳大利亚和新西兰", "Australia and New Zealand"),
    CodeRef("melanesia", "美拉尼西亚", "Melanesia"),
    CodeRef("micronesia", "密克罗尼西亚", "Micronesia"),
    CodeRef("polynesia", "波利尼西亚", "Polynesia"),
)

GOALS = (
    CodeRef("1", "无贫穷", "No poverty"),
    CodeRef("2", "零饥饿", "Zero hunger"),
    CodeRef("3", "良好健康与福祉", "Good health and well-being"),
    CodeRef("4", "优质教育", "Quality education"),
    CodeRef("5", "性别平等", "Gender equality"),
    CodeRef("6", "清洁饮水和卫生设施", "Clean water and sanitation"),
    CodeRef("7", "经济适用的清洁能源", "Affordable and clean energy"),
    CodeRef("8", "体面工作和经济增长", "Decent work and economic growth"),
    CodeRef("9", "产业、创新和基础设施", "Industry, innovation and infrastructure"),
    CodeRef("10", "减少不平等", "Reduced inequalities"),
    CodeRef("11", "可持续城市和社区", "Sustainable cities and communities"),
    CodeRef("12", "负责任消费和生产", "Responsible consumption and production"),
    CodeRef("13", "气候行动", "Climate action"),
    CodeRef("14", "水下生物", "Life below water"),
    CodeRef("15", "陆地生物", "Life on land"),
    CodeRef("16", "和平、正义与强大机构", "Peace, justice and strong institutions"),
    CodeRef("17", "促进目标实现的伙伴关系", "Partnerships for the goals"),
)

YES_NO = (CodeRef("yes", "共建国家", "Partner country"), CodeRef("no", "非共建国家", "Not a partner country"))
NO_CORRIDOR = CodeRef("none", "不在走廊", "On no corridor")


def name_of(unit: CodeRef) -> str:
    """Return the unit's name in the chosen language; the other one where it is missing."""
    return (unit.en or unit.zh) if language() == "en" else (unit.zh or unit.en)

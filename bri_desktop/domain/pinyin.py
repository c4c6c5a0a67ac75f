"""Pinyin of names and titles, for people who type ``cq`` or ``chongqing`` to find 重庆.

One reading per character, with the phrases in which place and office names read it differently; a character
table of 70 kB is read once instead of the phrase dictionary of a pinyin library, which takes 0.3 s to import.
"""

import csv
import re
from functools import cache

from bri_desktop.domain.folding import fold, resource

PHRASES: dict[str, str] = {
    "宝坻": "bao di", "蔚县": "yu xian", "茄子": "qie zi", "牟平": "mu ping", "勒": "le", "秘鲁": "bi lu",
    "槟榔": "bing lang",
    "重庆": "chong qing", "厦门": "xia men", "长春": "chang chun", "长沙": "chang sha", "长宁": "chang ning",
    "长治": "chang zhi", "长安": "chang an", "长丰": "chang feng", "长兴": "chang xing", "长乐": "chang le",
    "长江": "chang jiang", "长城": "chang cheng", "长期": "chang qi", "长白": "chang bai",
    "长寿": "chang shou", "长垣": "chang yuan", "长岭": "chang ling", "长海": "chang hai",
    "长岛": "chang dao", "长清": "chang qing", "长武": "chang wu", "长阳": "chang yang", "长汀": "chang ting",
    "长泰": "chang tai", "长葛": "chang ge", "长子县": "zhang zi xian", "长顺": "chang shun",
    "长洲": "chang zhou", "长崎": "chang qi", "长野": "chang ye", "长三角": "chang san jiao",
    "长效": "chang xiao", "长远": "chang yuan", "长荣": "chang rong", "长虹": "chang hong",
    "单县": "shan xian", "六安": "lu an", "六合": "lu he", "台州": "tai zhou", "天台": "tian tai",
    "丽水": "li shui", "蚌埠": "beng bu", "亳州": "bo zhou", "儋州": "dan zhou", "百色": "bai se",
    "泌阳": "bi yang", "大埔": "da bu", "东阿": "dong e", "番禺": "pan yu", "涪陵": "fu ling",
    "高要": "gao yao", "尉犁": "yu li", "会稽": "kuai ji", "吴堡": "wu bu", "柏乡": "bai xiang",
    "乐亭": "lao ting", "乐清": "yue qing", "乐陵": "lao ling", "乐山": "le shan", "音乐": "yin yue",
    "乐器": "yue qi", "乐团": "yue tuan", "交响乐": "jiao xiang yue", "丽江": "li jiang", "朝阳": "chao yang",
    "朝鲜": "chao xian", "铅山": "yan shan", "犍为": "qian wei", "郫都": "pi du", "歙县": "she xian",
    "黟县": "yi xian", "枞阳": "zong yang", "砀山": "dang shan", "莘县": "shen xian", "莘庄": "xin zhuang",
    "莒县": "ju xian", "费县": "fei xian", "鄄城": "juan cheng", "无极": "wu ji", "曲阜": "qu fu",
    "曲靖": "qu jing", "曲阳": "qu yang", "尉氏": "wei shi", "浚县": "xun xian", "中牟": "zhong mu",
    "荥阳": "xing yang", "荥经": "ying jing", "武陟": "wu zhi", "渑池": "mian chi", "洪洞": "hong tong",
    "繁峙": "fan shi", "隰县": "xi xian", "解州": "hai zhou", "盱眙": "xu yi", "邗江": "han jiang",
    "栖霞": "qi xia", "浒墅": "xu shu", "甪直": "lu zhi", "嵊州": "sheng zhou", "鄞州": "yin zhou",
    "衢州": "qu zhou", "台儿庄": "tai er zhuang", "麻栗坡": "ma li po", "弥勒": "mi le", "勐海": "meng hai",
    "瑞丽": "rui li", "大理": "da li", "阿坝": "a ba", "阿里": "a li", "阿克苏": "a ke su", "喀什": "ka shi",
    "和田": "he tian", "巴音郭楞": "ba yin guo leng", "和布克赛尔": "he bu ke sai er", "呼和浩特": "hu he hao te",
    "巴彦淖尔": "ba yan nao er", "海拉尔": "hai la er", "都昌": "du chang", "成都": "cheng du", "都匀": "du yun",
    "首都": "shou du", "都江堰": "du jiang yan", "丰都": "feng du", "武都": "wu du", "宜都": "yi du",
    "枝江": "zhi jiang", "黄陂": "huang pi", "监利": "jian li", "蕲春": "qi chun", "郧阳": "yun yang",
    "猇亭": "xiao ting", "秭归": "zi gui", "耒阳": "lei yang", "郴州": "chen zhou", "汨罗": "mi luo",
    "芷江": "zhi jiang", "溆浦": "xu pu", "深圳": "shen zhen", "东莞": "dong guan", "莞城": "guan cheng",
    "揭阳": "jie yang", "陆丰": "lu feng", "澄迈": "cheng mai", "万宁": "wan ning", "白沙": "bai sha",
    "宿州": "su zhou", "宿迁": "su qian", "宿松": "su song", "涡阳": "guo yang", "繁昌": "fan chang",
    "无为": "wu wei", "广德": "guang de", "休宁": "xiu ning", "银行": "yin hang", "行业": "hang ye",
    "商行": "shang hang", "支行": "zhi hang", "分行": "fen hang", "央行": "yang hang", "投行": "tou hang",
    "农行": "nong hang", "工行": "gong hang", "建行": "jian hang", "洋行": "yang hang", "闵行": "min hang",
    "太行": "tai hang", "会计": "kuai ji", "参差": "cen ci", "重建": "chong jian", "重启": "chong qi",
    "重新": "chong xin", "重组": "chong zu", "重逢": "chong feng", "重阳": "chong yang", "重返": "chong fan",
    "重修": "chong xiu", "调研": "diao yan", "调查": "diao cha", "调整": "tiao zheng", "协调": "xie tiao",
    "传记": "zhuan ji", "处理": "chu li", "相处": "xiang chu", "降落": "jiang luo", "藏族": "zang zu",
    "西藏": "xi zang", "藏文": "zang wen", "藏医": "zang yi", "藏毯": "zang tan", "收藏": "shou cang",
    "珍藏": "zhen cang", "宝藏": "bao zang", "大厦": "da sha", "广厦": "guang sha", "华西": "hua xi",
    "差异": "cha yi", "出差": "chu chai", "供给": "gong ji", "给予": "ji yu", "率先": "shuai xian",
    "率团": "shuai tuan", "率队": "shuai dui", "率领": "shuai ling", "效率": "xiao lv", "便利": "bian li",
    "便宜": "pian yi", "模式": "mo shi", "模板": "mu ban", "模具": "mu ju", "弹性": "tan xing",
    "校对": "jiao dui", "石油": "shi you", "还款": "huan kuan", "还贷": "huan dai", "曾任": "ceng ren",
    "仇和": "qiu he", "新西兰": "xin xi lan", "都灵": "du ling", "都柏林": "du bo lin", "柏林": "bo lin",
    "罗马尼亚": "luo ma ni ya", "蒙古": "meng gu", "内蒙": "nei meng", "吐鲁番": "tu lu fan", "大丰": "da feng",
    "大连": "da lian", "大夫": "dai fu", "南宁": "nan ning", "宁波": "ning bo", "海宁": "hai ning",
    "西宁": "xi ning", "济宁": "ji ning", "济南": "ji nan", "济源": "ji yuan", "济州": "ji zhou",
    "仁济": "ren ji", "同济": "tong ji", "经济": "jing ji", "给水": "ji shui", "行政": "xing zheng",
    "进行": "jin xing", "执行": "zhi xing", "举行": "ju xing", "增长": "zeng zhang", "市长": "shi zhang",
    "省长": "sheng zhang", "州长": "zhou zhang", "校长": "xiao zhang", "院长": "yuan zhang",
    "会长": "hui zhang", "部长": "bu zhang", "局长": "ju zhang", "处长": "chu zhang", "厅长": "ting zhang",
    "县长": "xian zhang", "区长": "qu zhang", "董事长": "dong shi zhang", "理事长": "li shi zhang",
    "成长": "cheng zhang", "委员长": "wei yuan zhang", "秘书长": "mi shu zhang", "团长": "tuan zhang",
    "馆长": "guan zhang", "家长": "jia zhang", "什么": "shen me", "什": "shi", "佛": "fo", "仿佛": "fang fu",
    "藏": "zang", "藏书": "cang shu", "藏品": "cang pin", "长": "chang", "都": "du", "朝": "chao",
    "都安": "du an", "塔什": "ta shi", "首长": "shou zhang", "行长": "hang zhang", "校园": "xiao yuan",
    "车站": "che zhan", "汽车": "qi che", "广播": "guang bo", "便民": "bian min",
}  # fmt: skip
"""Written form -> syllables, one a character: where the first reading of the table is not the right one."""

_FIRST_PRIVATE = 0xE000


@cache
def _readings() -> dict[int, str]:
    """Return code point -> its usual reading without tone (``lv`` for 绿)."""
    with resource("pinyin.csv").open(encoding="utf-8", newline="") as file:
        return {ord(char): syllable for syllable, chars in list(csv.reader(file))[1:] for char in chars}


@cache
def _tables() -> tuple["re.Pattern[str]", dict[str, str], dict[int, str], dict[int, str]]:
    """Return the phrases that need care, their stand-ins, and the tables of whole syllables and of initials.

    A phrase becomes private-use characters, one a reading, so that the rest is a plain translation.
    """
    full = _readings() | {ord(char): syllable for char, syllable in PHRASES.items() if len(char) == 1}
    stand_ins: dict[str, str] = {}
    private: dict[str, str] = {}
    for phrase, syllables in PHRASES.items():
        chars = ""
        for char, syllable in zip(phrase, syllables.split(), strict=True):
            usual = full.get(ord(char)) == syllable
            chars += char if usual else private.setdefault(syllable, chr(_FIRST_PRIVATE + len(private)))
        if chars != phrase:
            stand_ins[phrase] = chars
    full.update({ord(char): syllable for syllable, char in private.items()})
    pattern = re.compile("|".join(sorted(stand_ins, key=len, reverse=True)))
    return pattern, stand_ins, full, {code: syllable[0] for code, syllable in full.items()}


def syllables(text: str) -> list[str]:
    """Return the syllables of ``text``, one a Chinese character; other characters stand for themselves."""
    pattern, stand_ins, full, _ = _tables()
    return [full.get(ord(char), char) for char in pattern.sub(lambda match: stand_ins[match[0]], fold(text))]


def search_keys(text: str) -> tuple[str, str]:
    """Return ``text`` folded, with its Chinese characters as full pinyin and as initials (``chongqing``, ``cq``)."""
    folded = fold(text)
    if folded.isascii():
        return folded, folded
    pattern, stand_ins, full, initials = _tables()
    plain = pattern.sub(lambda match: stand_ins[match[0]], folded)
    return plain.translate(full), plain.translate(initials)

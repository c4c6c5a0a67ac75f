"""The five-minute tour of README as numbered pictures: each what the window shows after a step, over a line of words.

Run by ``script/demo-video``. The steps are done in the real window, off screen, on the sample in a ledger of its own;
``captions.txt`` has the words beside, for a narrator or for subtitles.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl

Caption = tuple[str, str]

YEAR = 2017
SIZE = (1366, 768)
STRIP = 72
TITLE_POINT, TEXT_POINT, EDGE = 20, 14, 24
FILLED_IN = {"签署日期": "2019-05-20", "状态": "完成", "备注": "已互派访问学者"}
FILLED_IN_ENGLISH = {"Signed": "2019-05-20", "Status": "Completed", "Note": "Scholars were exchanged"}
"""What the department writes into the first row, under which header."""


class Demo:
    """The program on a ledger of its own, and the steps of the tour as methods that leave something to be seen."""

    def __init__(self, folder: Path, language: str, scheme: str) -> None:
        from PySide6.QtCore import Qt

        from bri_desktop.app import Program, make_application
        from bri_desktop.db.database import open_database
        from bri_desktop.ui.settings import Settings

        self.folder, self.language = folder, language
        self.application, theme = make_application(language, scheme)
        database = open_database(folder / "ledger.db")
        self.program = Program(self.application, database, Settings(folder / "settings.ini"), theme)
        self.window = self.program.window
        self.window.setWindowState(Qt.WindowState.WindowNoState)
        self.window.resize(*SIZE)
        self.window.show()

    def page(self, code: str) -> Any:
        """Show a page and return it when it is at rest."""
        self.window.show_page(code)
        self.rest()
        return self.window.page(code)

    def rest(self) -> None:
        """Let the window live until nothing is under way."""
        from bri_desktop.bench_window import rest

        rest(self.program)

    def begin(self) -> None:
        """The first window of an empty ledger."""
        self.page("agenda")

    def sample(self) -> None:
        """The sample, taken in by the ordinary importer."""
        from bri_desktop.services.sample import load_sample

        load_sample(self.program.database)
        self.program.refresh()
        self.page("agenda")

    def find(self) -> None:
        """A city found by its initials."""
        self.page("projects").filters.search_box.setText("blg")

    def record(self) -> None:
        """One record with all that belongs to it."""
        page = self.page("projects")
        page.filters.search_box.setText("")
        self.program.context.open_record("P1")

    def log(self) -> None:
        """A new project, typed as it is written."""
        from bri_desktop.services.places import PlaceChoice

        self.program.context.new_project()
        self.rest()
        editors = self.page("projects").panel.form.editors
        for code, text in (("title", "无锡—布拉格职业教育合作"), ("signed", "2017年5月17日"), ("amount", "1800万")):
            editors[code].widget.setText(text)
        form = self.page("projects").panel.form
        ours = PlaceChoice("cn:320200", "无锡市" if self.language == "zh_CN" else "Wuxi", "")
        form.show_value("domestic_places", (ours.key,), {ours.key: ours})
        editors["title"].widget.setFocus()

    def stored(self) -> None:
        """The record, saved."""
        self.page("projects").panel.save()
        self.rest()
        self.page("projects")

    def recognise(self) -> None:
        """A ledger of another office, as it was recognised."""
        from bri_desktop.tour import write_messy_ledger

        book = self.folder / "交流项目台账.csv"
        write_messy_ledger(book)
        self.page("exchange")
        self.program.context.import_files([str(book)])

    def decide(self) -> None:
        """What the file leaves open, each asked once."""
        self.page("exchange").recognised.next_wanted.emit()

    def preview(self) -> None:
        """What would become of each row."""
        page = self.page("exchange")
        page.values.leave_rest()
        page.values.next_wanted.emit()

    def send(self) -> None:
        """A workbook for a department."""
        from bri_desktop.services.issuing import Order, issue

        page = self.page("exchange")
        page.leave()
        with self.program.database.write() as session:
            order = Order(department="市商务局", filter_text=f"signed >= {YEAR - 3}", due="2027-01-15")
            issue(session, order, self.folder / "市商务局.xlsx")
        self.program.refresh()
        page.rooms.show_room("issuing")

    def merge(self) -> None:
        """The workbook as it came back, beside what was sent and what is there now."""
        from bri_desktop.services.projects import edit_fields

        sent, returned = self.folder / "市商务局.xlsx", self.folder / "市商务局-交回.xlsx"
        keys = fill_in(sent, returned)
        with self.program.database.write() as session:
            edit_fields(session, [keys[0]], {"note": "转至科技局办理"})
            edit_fields(session, [keys[1]], {"summary": "双方每年互访一次"})
        self.program.refresh()
        self.page("exchange").rooms.hand_over("merging", returned)

    def figures(self) -> None:
        """Figures by continent."""
        self.page("statistics").groupings.choose("continent")

    def diagnosis(self) -> None:
        """The eight complaints of the report."""
        self.page("diagnosis")

    def sketch(self) -> None:
        """Cities and ties on the sketch map."""
        page = self.page("cities")
        page.tabs.setCurrentWidget(page.map_view)

    def year(self) -> None:
        """The yearly summary, with what stands behind a figure."""
        page = self.page("year")
        page.choices.edition.choose("internal")
        self.rest()
        page.open_figure("stock")

    def close(self) -> None:
        """End the program; what was typed is not asked for."""
        self.program.close()


STEPS: tuple[tuple[str, Callable[[Demo], None], Caption, Caption], ...] = (
    ("begin", Demo.begin,
     ("三个入口", "空台账给出三个入口：新建项目、导入台账、载入示例。"),
     ("Three doors", "An empty ledger offers three: a new project, a ledger to take in, the sample.")),
    ("sample", Demo.sample,
     ("载入示例", "《报告》所载合作项目经普通导入进入台账，工作台列出待办事项。"),
     ("The sample", "The cases of the report come in through the ordinary importer; the workbench says what is due.")),
    ("find", Demo.find,
     ("查找", "输入拼音首字母 blg，布拉格的项目即时列出。"),
     ("Finding", "Type blg, the initials of 布拉格: the projects with Prague are there at once.")),
    ("record", Demo.record,
     ("一个项目", "回车打开右侧的记录：表单、往来、成果、附件与修改历史。"),
     ("One project", "Enter opens the record at the right: its form, what hangs on it, and its history.")),
    ("log", Demo.log,
     ("登记项目", "日期、金额照平常写法输入：2017年5月17日、1800万。"),
     ("Logging a project", "Dates and money are typed as they are written: 2017年5月17日, 1800万.")),
    ("stored", Demo.stored,
     ("保存", "Ctrl+S 保存，Ctrl+Z 撤销，重新启动后仍可撤销。"),
     ("Saved", "Ctrl+S saves; Ctrl+Z takes it back, after a restart too.")),
    ("recognise", Demo.recognise,
     ("导入台账", "任意版式的台账拖入即可，先看识别出的表头与列。"),
     ("Any ledger", "Drop a ledger of any layout: first see which headers and columns were recognised.")),
    ("decide", Demo.decide,
     ("逐项判定", "单位、日期写法、地名等疑问各问一次，拿不准的可以暂挂。"),
     ("What is open", "Each doubt, of a unit, a way of writing dates, a place, is asked once, or left pending.")),
    ("preview", Demo.preview,
     ("写入之前", "写入前逐行列出去向：新建、更新、重复、待定，逐格说明原因。"),
     ("Before anything is written", "What would become of each row: created, updated, duplicate, pending, and why.")),
    ("send", Demo.send,
     ("发放工作簿", "按筛选发给部门，登记编号、截止日期与回收情况。"),
     ("Issuing", "A workbook for a department: its number, its due date, and whether it came back.")),
    ("merge", Demo.merge,
     ("交回合并", "发出时、现在、交回三列并排，只有真正的冲突才需要选择。"),
     ("Merging", "As issued, as it is now, as it came back, side by side; only true clashes ask.")),
    ("figures", Demo.figures,
     ("统计分析", "选定分组即出数量、占比与差距，点开数字就是项目。"),
     ("Statistics", "Choose a grouping: counts, shares and gaps; every figure opens its records.")),
    ("diagnosis", Demo.diagnosis,
     ("不平衡诊断", "对《报告》指出的八个问题逐一用数字作答。"),
     ("Diagnosis", "The eight complaints of the report, each answered from the figures.")),
    ("sketch", Demo.sketch,
     ("示意图", "城市与友城关系画在示意图上，点击打开记录。"),
     ("The sketch map", "Cities and ties on a sketch map; a click opens their records.")),
    ("year", Demo.year,
     ("年度总结", "页面、Word、PDF、Excel 同出一份数据，点数字看依据。"),
     ("The yearly summary", "Page, Word, PDF and Excel from one value; click a figure to see what it rests on.")),
)  # fmt: skip


def fill_in(sent: Path, returned: Path) -> list[str]:
    """Write what a department would into a workbook; return the keys of its rows."""
    book = openpyxl.load_workbook(sent)
    sheet = book.worksheets[1]
    heads = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[4]}
    for head, text in {**FILLED_IN, **FILLED_IN_ENGLISH}.items():
        if head in heads:
            sheet.cell(5, heads[head]).value = text
    title = sheet.cell(6, 3)
    title.value = f"{title.value}（二期）"
    book.save(returned)
    return [str(sheet.cell(row, 1).value) for row in range(5, 7)]


def captioned(window: Any, number: int, caption: Caption) -> Any:
    """Return the picture of the window with a strip below it: the number of the step, its title, its words."""
    from PySide6.QtCore import QPoint, QRect, Qt
    from PySide6.QtGui import QFont, QPainter, QPixmap

    from bri_desktop.ui.shared.paint import role

    shot = window.grab()
    made = QPixmap(shot.width(), shot.height() + STRIP)
    made.fill(role("surface"))
    painter = QPainter(made)
    painter.drawPixmap(QPoint(0, 0), shot)
    painter.fillRect(QRect(0, shot.height(), made.width(), 1), role("line"))
    font = QFont(window.font())
    place = QRect(EDGE, shot.height(), made.width() - 2 * EDGE, STRIP)
    for text, size, bold, name in (
        (f"{number}  {caption[0]}", TITLE_POINT, True, "accent"),
        (caption[1], TEXT_POINT, False, "text"),
    ):
        font.setPixelSize(size)
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(role(name))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        place.setLeft(place.left() + painter.fontMetrics().horizontalAdvance(text) + EDGE)
    painter.end()
    return made


def make(out: Path, language: str, scheme: str) -> Iterator[Path]:
    """Yield each picture when it is written."""
    out.mkdir(parents=True, exist_ok=True)
    words = []
    with tempfile.TemporaryDirectory(prefix="bri-demo-") as folder:
        demo = Demo(Path(folder), language, scheme)
        for number, (name, act, *captions) in enumerate(STEPS, 1):
            caption = captions[language != "zh_CN"]
            act(demo)
            demo.rest()
            path = out / f"{number:02d}-{name}.png"
            captioned(demo.window, number, caption).save(str(path))
            words.append(f"{number:02d}  {caption[0]}: {caption[1]}")
            yield path
        demo.close()
    (out / "captions.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


def main() -> int:
    """Make the pictures of one language."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lang", choices=("zh_CN", "en"), default="zh_CN")
    parser.add_argument("--dark", action="store_true")
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from bri_desktop import i18n

    i18n.set_language(chosen.lang)
    for path in make(chosen.out, chosen.lang, "dark" if chosen.dark else "light"):
        print(path.name, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""LibreOffice opens each outlet of the summary and converts it without complaint, with all of its text."""

import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from bri_desktop.db.database import Database
from bri_desktop.services.sample import load_sample
from bri_desktop.services.year import SummaryOptions, summary_document
from bri_desktop.services.year_out import write_document

SECONDS = 300


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    found = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    document.close()
    return re.sub(r"\s", "", found)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize(("language", "title"), [("zh_CN", "合作模式"), ("en", "Modesofcooperation")])
def test_it_is_opened_and_converted(kind: str, language: str, title: str, ledger: Database, tmp_path: Path) -> None:
    load_sample(ledger)
    with ledger.read() as session:
        document = summary_document(session, SummaryOptions(2017, edition="internal", language=language))
    path = tmp_path / f"summary.{kind}"
    write_document(document, path)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless", "--convert-to", "pdf"]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, text=True, timeout=SECONDS
    )
    assert "Error" not in done.stderr
    found = text_of(tmp_path / "summary.pdf")
    assert title in found
    assert all(re.sub(r"\s", "", table.caption) in found for table in document.tables())

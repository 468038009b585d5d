"""A sheet as a PDF file: the table, then what each figure means on the last page. Runs in a lane, without a window."""

from datetime import datetime
from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from app.adapters.sheet_files import write_whole
from app.domain.history.behind import BEFORE, TOTAL
from app.domain.history.figures import Unit
from app.domain.history.sheets import Sheet, SheetRow, text_of
from app.i18n import tr
from ui.history.table import CHANGE, rows_of
from ui.history.table import cell_text as shown

_DPI = 300
_FONT_PT = 8.0
_STYLE = (
    "p { color: #444; } th { background: #e4eaed; } td, th { padding: 3px 7px; } .n { text-align: right; }"
    " .sum td { font-weight: bold; background: #f2f5f6; }"
)


def write_pdf(sheet: Sheet, path: Path, made_at: datetime) -> None:
    """Write it whole, or raise NotAllowed with a sentence."""
    write_whole(path, pdf_bytes(sheet, made_at))


def pdf_bytes(sheet: Sheet, made_at: datetime) -> bytes:
    """A4, lying where there are many columns."""
    loop = QEventLoop()  # the layout of a document wants timers, and a lane has no loop that could have any
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setTitle(sheet.title)
    writer.setCreator("Firstline")
    lies = len(sheet.headings) > 5
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait,
            QMarginsF(15, 15, 15, 15),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = QTextDocument()
    font = document.defaultFont()
    font.setPointSizeF(_FONT_PT)  # the window's is in pixels, which are tiny on paper
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_STYLE)
    document.setHtml(html(sheet, made_at))
    document.print_(writer)
    buffer.close()
    del loop
    return bytes(content.data())


def html(sheet: Sheet, made_at: datetime) -> str:
    """All text is shown as text; nothing in a name is markup."""
    heads = "".join(f'<th class="n">{escape(one.name)}</th>' for one in sheet.headings)
    rows = "".join(_row(sheet, row) for row in rows_of(sheet))
    notes = "".join(f"<p>{escape(note)}</p>" for note in sheet.notes)
    meanings = "".join(f"<p><b>{escape(one.name)}</b><br>{escape(one.formula)}</p>" for one in sheet.headings)
    made = tr("Made with Firstline on {time}.", time=made_at.astimezone().strftime("%Y-%m-%d %H:%M"))
    return (
        f"<h1>{escape(sheet.title)}</h1><p>{escape(sheet.subtitle)}</p>"
        f'<table cellspacing="0" width="100%"><thead><tr><th></th>{heads}</tr></thead>{rows}</table>{notes}'
        f'<h1 style="page-break-before: always">{escape(tr("What the figures mean"))}</h1>{meanings}'
        f"<p>{escape(_legend())}</p><p>{escape(made)}</p>"
    )


def _row(sheet: Sheet, row: SheetRow) -> str:
    cells = "".join(f'<td class="n">{escape(shown(sheet, place, row))}</td>' for place in range(len(sheet.headings)))
    kind = ' class="sum"' if row.id in (TOTAL, BEFORE, CHANGE) else ""
    return f"<tr{kind}><td>{escape(row.name)}</td>{cells}</tr>"


def _legend() -> str:
    nothing = text_of(None, Unit.COUNT)
    return tr("“{nothing}”: there was nothing to have a share or a mean of. “*”: provisional.", nothing=nothing)

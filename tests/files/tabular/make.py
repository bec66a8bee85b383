"""Makes the workbooks of this folder: pip install openpyxl xlwt odfpy, then python make.py. Figures and names are made up."""

import datetime

import openpyxl
import xlwt
from odf.number import Number, PercentageStyle, Text
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P


def list_xlsx(path):
    """A list under a title, a per cent format, a formula's fault, a sheet of notes and a hidden one."""
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Notes"
    notes["A1"] = "Fielded in May"
    sheet = book.create_sheet("Trust")
    sheet["A1"] = "Trust in the press"
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Label", "Percent", "N", "Date"])
    rows = [("A lot", 0.485, 1004, datetime.date(2023, 6, 14)), ("A little", 0.29, 1010, datetime.date(2023, 6, 15))]
    for row in rows:
        sheet.append(row)
    sheet.append(["Don’t know", None, None, None])
    sheet.append(["Refused", "n/a", "1 020", None])
    for row in range(4, 6):
        sheet.cell(row, 2).number_format = "0.0%"
        sheet.cell(row, 3).number_format = "#,##0"
    sheet["A9"] = "Source: made up"
    hidden = book.create_sheet("Old")
    for row in [["label", "percent"], ["x", 1]]:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    faults = book.create_sheet("Faults")
    for row in [["label", "value"], ["A", "=1/0"], ["B", 2]]:
        faults.append(row)
    book.save(path)


def heads_xlsx(path):
    """Heads over two columns each, a country over three rows, a table that begins at B3."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Wide"
    sheet["B2"] = "Country"
    sheet["C2"] = "Answer"
    sheet["D2"] = "2022"
    sheet["F2"] = "2023"
    for cell, text in zip(["D3", "E3", "F3", "G3"], ["%", "n", "%", "n"]):
        sheet[cell] = text
    for merged in ["B2:B3", "C2:C3", "D2:E2", "F2:G2", "B4:B5", "B6:B7"]:
        sheet.merge_cells(merged)
    values = [
        ("Korea", "Yes", 48, 1000, 51, 1002),
        (None, "No", 40, 1000, 38, 1002),
        ("Kenya", "Yes", 61, 998, 60, 1001),
        (None, "No", 30, 998, 33, 1001),
    ]
    for row, line in enumerate(values, start=4):
        for column, value in enumerate(line, start=2):
            if value is not None:
                sheet.cell(row, column, value)
    book.save(path)


def list_xls(path):
    """The list again, as Excel 97 has it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Trust")
    sheet.write(0, 0, "Trust in the press")
    for column, name in enumerate(["Label", "Percent", "N", "Date"]):
        sheet.write(2, column, name)
    percent = xlwt.easyxf(num_format_str="0.0%")
    date = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    rows = [("A lot", 0.485, 1004, datetime.date(2023, 6, 14)), ("A little", 0.29, 1010, datetime.date(2023, 6, 15))]
    for row, (label, share, n, day) in enumerate(rows, start=3):
        sheet.write(row, 0, label)
        sheet.write(row, 1, share, percent)
        sheet.write(row, 2, n)
        sheet.write(row, 3, day, date)
    sheet.write(5, 0, "Don’t know")
    sheet.write(6, 0, "Refused")
    sheet.write(6, 1, "n/a")
    sheet.write(6, 2, "1 020")
    sheet.write(8, 0, "Source: made up")
    book.save(path)


def list_ods(path):
    """The list again, as LibreOffice has it, with rows and columns that repeat to the edge of the sheet."""
    book = OpenDocumentSpreadsheet()
    percent = PercentageStyle(name="one")
    percent.addElement(Number(decimalplaces=1, minintegerdigits=1))
    percent.addElement(Text(text="%"))
    book.automaticstyles.addElement(percent)
    style = Style(name="share", family="table-cell", datastylename="one")
    book.automaticstyles.addElement(style)
    table = Table(name="Trust")

    def text(value):
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=value))
        return cell

    def shown(kind, value, shown, **more):
        cell = TableCell(valuetype=kind, **more) if kind == "date" else TableCell(valuetype=kind, value=value, **more)
        cell.addElement(P(text=shown))
        return cell

    def row(*cells):
        line = TableRow()
        for cell in cells:
            line.addElement(cell)
        line.addElement(TableCell(numbercolumnsrepeated=1020))
        table.addElement(line)

    title = TableCell(valuetype="string", numbercolumnsspanned=4)
    title.addElement(P(text="Trust in the press"))
    row(title, CoveredTableCell(numbercolumnsrepeated=3))
    row(TableCell())
    row(*[text(name) for name in ["Label", "Percent", "N", "Date"]])
    days = [("2023-06-14", "14.06.23"), ("2023-06-15", "15.06.23")]
    for (label, share, as_seen, n), (iso, day) in zip(
        [("A lot", 0.485, "48,5 %", 1004), ("A little", 0.29, "29,0 %", 1010)], days
    ):
        row(
            text(label),
            shown("percentage", share, as_seen, stylename=style),
            shown("float", n, f"{n // 1000}.{n % 1000:03}"),
            shown("date", None, day, datevalue=iso),
        )
    row(text("Don’t know"))
    row(text("Refused"), text("n/a"), text("1 020"))
    row(TableCell())
    row(text("Source: made up"))
    last = TableRow(numberrowsrepeated=1048000)
    last.addElement(TableCell(numbercolumnsrepeated=1024))
    table.addElement(last)
    book.spreadsheet.addElement(table)
    book.save(path)


list_xlsx("list.xlsx")
heads_xlsx("heads.xlsx")
list_xls("list.xls")
list_ods("list.ods")

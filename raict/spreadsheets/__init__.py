"""Tables for spreadsheet programs: written (writing.py) and read (reading.py: .csv; xlsx.py: .xlsx).

Nothing is known here of what the columns mean: raict/tables does that.
"""

from raict.spreadsheets.writing import as_cell, csv_table, workbook

__all__ = ["as_cell", "csv_table", "workbook"]

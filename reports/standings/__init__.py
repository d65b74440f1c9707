"""Rankings and statistics of a cycle, from stored totals: tables that page, workbook and PDF show alike."""

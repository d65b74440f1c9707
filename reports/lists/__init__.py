"""Lists that pages show by and by, whole as a workbook: the same rows, filters and columns."""

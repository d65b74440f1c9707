"""A table as issued (.docx, .xlsx) -> a draft rubric and the doubts about it: pure functions over plain grids.

docx.read_docx, xlsx.read_xlsx   a file -> Tables, nothing interpreted, nothing lost
read.read_tables                 Tables -> (Blueprint, doubts, what was skipped), or NotARubric with the reason
doubts                           what a doubt says, what may be done about it, and doing it
"""

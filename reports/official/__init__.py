"""Documents in the layout of GB/T 9704-2012: values first, then the same on paper (PDF) and in Word.

The report of a cycle to the superior union, the public notice and the yearly report are all a `Document`.
"""

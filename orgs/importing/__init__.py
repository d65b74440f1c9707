"""Lists on their way in: uploaded, columns matched, checked in the background, shown, confirmed, written whole.

`spec` says what a kind of list has to tell of itself; `registry` names the kinds there are. But for the packages of the
kinds themselves, nothing here knows an organisation or a person.
"""

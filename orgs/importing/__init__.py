"""Lists on their way in: uploaded, columns matched, checked in the background, shown, confirmed, written whole.

`spec` says what a kind of list has to tell of itself; `registry` names the kinds there are. Everything else here but the
packages of the kinds themselves knows no organisation and no person.
"""

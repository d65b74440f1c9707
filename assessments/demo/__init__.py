"""The demo year: invented unions and people for the five source documents, one module each, and work at a chosen stage.

`sites` say who there is, `build` writes them, `story` lets them work; all through the services that everybody uses.
"""

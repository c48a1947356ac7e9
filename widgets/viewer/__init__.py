"""The payload viewer: shows a body of any size and content at once, and as it is.

`document`, `wrap`, `pretty`, `highlight`, `search`, `kind` and `runs` work without a terminal; `view` paints them,
`pane` adds the status line and the search field.
"""

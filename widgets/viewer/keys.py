"""The keys of the viewer. Each has an id, by which it can be given another key."""

from textual.binding import Binding

VIEWER_KEYS = [
    Binding("v", "toggle_pretty", "Next view", id="viewer.pretty", tooltip="Show JSON re-indented, or as it came"),
    Binding("w", "toggle_wrap", "Wrap", id="viewer.wrap", tooltip="Wrap long lines, or scroll sideways"),
    Binding("n", "move_match(1)", "Next", id="viewer.next", tooltip="Go to the next match"),
    Binding("N", "move_match(-1)", "Previous", id="viewer.previous", tooltip="Go to the previous match"),
    *(
        Binding(keys, action, description, show=False, id=f"viewer.{name}", tooltip=tooltip)
        for name, keys, action, description, tooltip in (
            ("down", "j,down", "rows(1)", "Down", "Scroll down one row"),
            ("up", "k,up", "rows(-1)", "Up", "Scroll up one row"),
            ("page_down", "pagedown,ctrl+f", "pages(1)", "Page down", "Scroll down one screen"),
            ("page_up", "pageup,ctrl+b", "pages(-1)", "Page up", "Scroll up one screen"),
            ("top", "g,home", "top", "Top", "Go to the first row"),
            ("bottom", "G,end", "bottom", "Bottom", "Go to the last row"),
            ("right", "right", "columns(1)", "Right", "Scroll right where lines are not wrapped"),
            ("left", "left", "columns(-1)", "Left", "Scroll left where lines are not wrapped"),
        )
    ),
]

PANE_KEYS = [
    Binding(
        "slash", "open_search", "Search", id="viewer.search", tooltip="Search for text, or for a pattern after re:"
    ),
    Binding(
        "escape",
        "close_search",
        "Close search",
        show=False,
        id="viewer.close_search",
        tooltip="Put the search field away; the matches stay",
    ),
]

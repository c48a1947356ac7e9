"""`sluice keys`: every key by screen, on standard output."""

import json

from tui.app.keymap import Keys, sections


def as_json(keys: Keys) -> str:
    """The table as JSON: a list of objects with the keys screen, id, keys, class and does, which never change."""
    return json.dumps(
        [
            {"screen": screen, "id": entry.id, "keys": keys.labels(entry), "class": entry.kind, "does": entry.help}
            for screen, entries in sections()
            for entry in entries
        ],
        indent=2,
        ensure_ascii=False,
    )


def as_table(keys: Keys) -> str:
    """The table as text, a paragraph a screen; `–` for a command without a key."""
    rows = {
        screen: [(", ".join(keys.labels(entry)) or "–", entry.id, entry.kind, entry.help) for entry in entries]
        for screen, entries in sections()
    }
    widths = [max(len(row[column]) for part in rows.values() for row in part) for column in range(3)]
    lines: list[str] = []
    for screen, part in rows.items():
        lines += ["", screen.upper()] if lines else [screen.upper()]
        for row in part:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            lines.append("  ".join(["", *cells, row[3]]).rstrip())
    return "\n".join(lines)

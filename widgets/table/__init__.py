"""A virtual table: rows by key, painted only where they are seen and only when they changed.

`model` holds rows, order, filter, marks and cursor, and knows no terminal; `view` is the Textual widget that paints it.
Import from these two:

    model = TableModel([Column("name", "Queue", lambda q: q.name, grow=1)], key=lambda q: q.url,
                       filter_text=lambda q: q.name)
    table = Table(model, empty="no queues here")
    table.upsert(queues)
"""

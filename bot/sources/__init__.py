"""Where values come from.

Every kind of source has a module whose ``read(source, connection, *, …, span)`` gives rows or raises SourceFailed;
``reading`` knows which. ``connection.seconds`` bounds each of them.
"""

"""Rows of another table beside each row of a query, as one JSON array: one statement, not two."""

from __future__ import annotations

from typing import Any

from django.db.models import JSONField, QuerySet, Subquery


class Listed(Subquery):
    """All rows of a subquery, each as an array of these columns; [] or NULL without any."""

    template = "(SELECT JSON_GROUP_ARRAY(JSON_ARRAY(%(columns)s)) FROM (%(subquery)s) listed)"
    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any], *columns: str) -> None:
        super().__init__(rows.order_by().values(*columns), columns=", ".join(columns))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return the same as PostgreSQL says it."""
        template = "(SELECT JSONB_AGG(JSONB_BUILD_ARRAY(%(columns)s)) FROM (%(subquery)s) listed)"
        return self.as_sql(compiler, connection, template=template, **context)

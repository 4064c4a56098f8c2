"""What keeps the team's lists quick, however many rows there are: a page costs what it shows."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce


class StaffPaginator(Paginator):
    """First which rows stand on the page, by their keys alone; then these rows.

    What a row costs – its joins, its counts, its rank – is not reckoned for all that are skipped.
    """

    def page(self, number: int) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.object_list.values_list("pk", flat=True)[first : first + self.per_page]
        return self._get_page(self.object_list.filter(pk__in=list(keys)), number, self)


def count_of(rows: QuerySet, owner: str) -> Coalesce:
    """How many of these rows name each row of a list by the column `owner`, for annotate().

    A query inside the other, where a joined Count would group all rows of both tables.
    """
    own = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Coalesce(Subquery(own.annotate(count=Count("*")).values("count")), 0)

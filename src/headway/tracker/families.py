"""The verbs that read families: the children of a job, and the tree from it down."""

from __future__ import annotations

from headway.model.job import Branch, Job, Page
from headway.store import families
from headway.tracker import asking
from headway.tracker.connection import AnyId
from headway.tracker.lookup import find
from headway.tracker.reading import Reading


class Families(Reading):
    """Children, tree."""

    def children(self, any_id: AnyId, limit: int = 50, after: str | None = None) -> Page[Job]:
        """The children of a job, oldest first, a page at a time. Raises NotFound, Ambiguous, InvalidInput."""
        parent = find(self._database, any_id)[1].id
        cursor = None if after is None else asking.text(after, "after")
        found = families.page(self._database, parent, cursor, asking.limit(limit) + 1)
        more = found[limit - 1].id if len(found) > limit else None
        return Page(self._jobs(found[:limit]), more, lambda cursor: self.children(f"id:{parent}", limit, cursor))

    def tree(self, any_id: AnyId) -> Branch:
        """A job with all that is below it, from the given one down, as it is at this moment.

        Raises NotFound, Ambiguous, InvalidInput.
        """
        levels = families.levels(self._database, find(self._database, any_id)[1])
        below: dict[str | None, list[Branch]] = {}
        for level in reversed(levels):
            above: dict[str | None, list[Branch]] = {}
            for job in self._jobs(level):
                above.setdefault(job.parent_id, []).append(Branch(job=job, children=below.get(job.id, [])))
            below = above
        ((root,),) = below.values()
        return root

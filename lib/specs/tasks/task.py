"""A task of a Learn page: what to do, where it begins, and what shows that somebody has really seen it.

How to give a page tasks:

1. Write the lesson's passages: `## task_1` says what to do, `## task_1_hidden` says what there is to see in one state
   (a name of your own behind the number). They replace the passage `## try`.
2. List the tasks in a module of this folder, named after the page, as `pooling.py` does, and add it to `known.py`.
3. Let the page tell what it shows: `tasks.tell(pool_size=2, pooled_share=0.0)` (`lib/ui/learn/tasks.py`) at the end of
   the fragment that computes it. Tell numbers and short texts only. What one sighting combines belongs into one call:
   a fragment that runs alone is judged at its `tell`, a whole page when it ends.
4. Run `tests/pages/test_tasks.py` and `tests/specs/test_tasks.py`: they go through all tasks of all pages.

A sighting counts when it becomes true while somebody uses the page. One that is true already when a page opens, when
its controls were set up, shown or brought back by the browser's Back, counts only after it was false in between. So
the start of a task must not fulfil any of its sightings, and neither may the page as it opens first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]
"""What a page computed and shows now, by name: numbers and short texts."""
Address = Mapping[str, str | tuple[str, ...]]
"""What stands in an address, by name; several texts where it holds a list. What is missing is as it usually is."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing that there is to see.

    Attributes:
        text: the passage with a sentence about it. The name is also what progress knows it by: it never changes.
        when: whether a page that shows such facts shows it.
        address: a state of the page that shows it.
    """

    text: str
    when: Callable[[Facts], bool]
    address: Address

    def shown_by(self, facts: Facts) -> bool:
        """Whether a page shows it. A page that tells less than it takes does not.

        >>> many = Sighting("page.task_1_many", lambda f: f["number"] > 3, {"number": "4"})
        >>> many.shown_by({"number": 4}), many.shown_by({"number": 3}), many.shown_by({})
        (True, False, False)
        """
        try:
            return bool(self.when(facts))
        except KeyError:
            return False


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do on a page.

    Attributes:
        text: the passage that says what, such as `pooling.task_1`.
        start: the state that "Set it up" opens.
        sightings: what there is to see. The task is done when all were seen.
    """

    text: str
    start: Address
    sightings: tuple[Sighting, ...]

    @property
    def name(self) -> str:
        """For keys.

        >>> Task("pooling.task_1", {}, ()).name
        'pooling_1'
        """
        return self.text.replace(".task", "")

    @property
    def number(self) -> str:
        """Its number on its page, as an address writes it.

        >>> Task("pooling.task_12", {}, ()).number
        '12'
        """
        return self.text.rpartition("_")[2]

    def seen_of(self, seen: Iterable[str]) -> int:
        """How many of its sightings are among those that somebody has seen."""
        known = frozenset(seen)
        return sum(sighting.text in known for sighting in self.sightings)

    def done(self, seen: Iterable[str]) -> bool:
        """Whether all were seen."""
        return self.seen_of(seen) == len(self.sightings)


@dataclass(frozen=True, slots=True)
class Watch:
    """What was not there at one moment since the page was opened or its controls were set by something else.

    Attributes:
        unseen: names of the sightings that the page did not show at one moment since then.
    """

    unseen: frozenset[str] = frozenset()

    def look(self, tasks: Iterable[Task], facts: Facts) -> tuple[Watch, tuple[str, ...]]:
        """Look at what a page shows now.

        Args:
            tasks: of the page.
            facts: what it shows.

        Returns:
            The watch from now on, and the sightings that somebody has brought about: what the page shows and did not
            show before.

        >>> many = Sighting("page.task_1_many", lambda f: f["number"] > 3, {"number": "4"})
        >>> tasks = [Task("page.task_1", {}, (many,))]
        >>> opened, found = Watch().look(tasks, {"number": 5})
        >>> found
        ()
        >>> lower, found = opened.look(tasks, {"number": 2})
        >>> lower.look(tasks, {"number": 5})[1]
        ('page.task_1_many',)
        """
        now = {sighting.text: sighting.shown_by(facts) for task in tasks for sighting in task.sightings}
        found = tuple(name for name, shown in now.items() if shown and name in self.unseen)
        return Watch(self.unseen | {name for name, shown in now.items() if not shown}), found

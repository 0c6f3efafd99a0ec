"""What the store keeps of people's own data: samples that a person wants to find again, and what runs need of the rest.

Facts and test labels of data that a run was trained on stay with the runs; samples only for a person who asks for it.
"""

from __future__ import annotations

import json
import logging
import re
import time
from typing import Any

import numpy as np
import sqlalchemy as sa

from lib.arrays import pack, unpack
from lib.data.own import shelf
from lib.data.own.dataset import OwnData, facts_from_dict, facts_to_dict, from_plain, to_plain
from lib.engine.runs.store import Store
from lib.engine.runs.tables import own_kept as kept
from lib.engine.runs.tables import trained_on
from lib.errors import DataError
from lib.specs.datasets import OWN_NAME, Dataset

logger = logging.getLogger("layerlab.engine")

MOST_KEPT = 10
MOST_KEPT_MB = 100
"""Of one person."""


class OwnDataBook:
    """People's own data in the store, by name and owner; thread-safe."""

    def __init__(self, store: Store) -> None:
        self._database = store.database

    # For the person who brought them.

    def keep(self, owner: str, data: OwnData) -> None:
        """Keep data for the owner's next visits.

        Raises:
            DataError: the owner keeps as much as one person may already.
        """
        mine = kept.c.owner == owner
        used = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(kept.c.megabytes), 0.0)).where(mine)
        plain = to_plain(data)
        with self._database.begin() as connection:
            connection.execute(sa.delete(kept).where(mine & (kept.c.name == data.facts.name)))
            count, megabytes = connection.execute(used).one()
            if count >= MOST_KEPT or megabytes + data.size_mb > MOST_KEPT_MB:
                raise DataError(
                    f"You keep {count} datasets of {megabytes:.0f} MB here. One person may keep {MOST_KEPT} datasets "
                    f"of {MOST_KEPT_MB} MB together. Delete one of them first."
                )
            connection.execute(
                sa.insert(kept).values(
                    owner=owner, name=data.facts.name, created=time.time(), megabytes=data.size_mb,
                    facts=json.dumps(plain["facts"]), samples=plain["samples"],
                )
            )  # fmt: skip

    def kept(self, owner: str) -> list[Dataset]:
        """Facts of what a person keeps, newest first."""
        query = sa.select(kept.c.facts).where(kept.c.owner == owner).order_by(kept.c.created.desc())
        with self._database.connect() as connection:
            texts = connection.execute(query).scalars().all()
        return [facts for text in texts if (facts := _facts(text)) is not None]

    def open(self, owner: str, name: str) -> OwnData | None:
        """Data that a person keeps, or None."""
        query = sa.select(kept.c.facts, kept.c.samples).where((kept.c.owner == owner) & (kept.c.name == name))
        with self._database.connect() as connection:
            row = connection.execute(query).first()
        if row is None or _facts(row.facts) is None:
            return None
        try:
            return from_plain({"facts": json.loads(row.facts), "samples": row.samples})
        except (ValueError, KeyError):
            logger.warning("data that somebody keeps are damaged: %s", name)
            return None

    def delete(self, owner: str, name: str) -> None:
        """Keep data no longer."""
        with self._database.begin() as connection:
            connection.execute(sa.delete(kept).where((kept.c.owner == owner) & (kept.c.name == name)))

    # For runs.

    def hold(self, name: str, owner: str) -> shelf.Hold:
        """Hold data for a run of this person, from memory or from what the person keeps.

        Raises:
            DataError: they are gone.
        """
        try:
            return shelf.hold(name)
        except DataError:
            data = self.open(owner, name)
            if data is None:
                raise
            return shelf.put(data, owner)

    def remember(self, name: str) -> None:
        """Store facts and test labels of data that a run is about to be trained on.

        Raises:
            DataError: the data are gone.
        """
        data = shelf.data(name)
        labels = np.asarray(data.test.y, np.uint8)
        values = {
            "name": name, "facts": json.dumps(facts_to_dict(data.facts)), "test_labels": pack({"labels": labels}),
        }  # fmt: skip
        with self._database.begin() as connection:
            connection.execute(sa.delete(trained_on).where(trained_on.c.name == name))
            connection.execute(sa.insert(trained_on).values(**values))
        shelf.remember(data.facts, labels)

    def recall(self, name: str) -> None:
        """Bring facts and test labels back into memory, for a run that is opened after a restart."""
        if not re.fullmatch(OWN_NAME, name) or shelf.remembered(name):
            return
        query = sa.select(trained_on.c.facts, trained_on.c.test_labels).where(trained_on.c.name == name)
        with self._database.connect() as connection:
            row = connection.execute(query).first()
        if row is not None:
            labels: Any = unpack(row.test_labels)["labels"]
            shelf.remember(facts_from_dict(json.loads(row.facts)), labels)


def _facts(text: str) -> Dataset | None:
    """What is stored of a dataset, or None where it is damaged."""
    try:
        return facts_from_dict(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        logger.warning("facts about data that somebody keeps are damaged")
        return None

"""What a gate knows without asking: every slip by its path, revocations by reader, institutions' networks, one house rule.

Loaded at the start and then followed by number, so that a publish or a revocation is known within a second. While the database is
away it keeps what it holds.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from broadsheet.gate.database import Database, DatabaseAway
from broadsheet.gate.networks import Network, Networks
from broadsheet.membership.revocations import ANONYMOUS_ALLOWANCE, LAST_NETWORK, LAST_REVOCATION, NETWORKS, REVOCATIONS_AFTER
from broadsheet.press.slips import LAST_CHANGE, SLIP_AT, SLIPS_AFTER, Slip, slip_from

AT_ONCE = 5_000  # slips read in one question
FOR_EVER = float("inf")

log = logging.getLogger(__name__)


class Memory:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._away = False
        self._forget(None)

    def _forget(self, identity: object) -> None:
        self._identity = identity
        self._last_change = self._last_revocation = self._last_network = -1
        self.slips: dict[str, Slip] = {}
        self.revocations: dict[int, int] = {}
        self.networks = Networks()
        self.anonymous_allowance = 0

    def catch_up(self) -> None:
        """Read all that changed since the last time. A database that is away is said once, and asked again the next time."""
        try:
            self._read_on()
        except DatabaseAway as trouble:
            if not self._away:
                log.warning("The database is away; serving from memory: %s", trouble)
            self._away = True
        else:
            if self._away:
                log.warning("The database is back.")
            self._away = False

    def slip_at(self, path: str) -> Slip | None:
        """A path's slip as the database has it now, for when the follower would come too late."""
        for row in self._database.rows(SLIP_AT, path):
            self._learn(row)
        return self.slips.get(path)

    def _read_on(self) -> None:
        identity = self._database.identity()
        changes, revocations, networks = (self._number(sql) for sql in (LAST_CHANGE, LAST_REVOCATION, LAST_NETWORK))
        if identity != self._identity or changes < self._last_change or revocations < self._last_revocation:
            self._start_over(identity)
        if revocations != self._last_revocation:
            self._read_revocations()
        if networks != self._last_network:
            self._read_networks(networks)
        if changes != self._last_change:
            self._read_slips(changes)
        self.anonymous_allowance = self._number(ANONYMOUS_ALLOWANCE)

    def _start_over(self, identity: object) -> None:
        """Another database, or an older state of it: what was learnt from the other one is not true here."""
        fresh = Memory(self._database)
        fresh._identity = identity
        fresh._read_all()
        self.__dict__.update({**fresh.__dict__, "_away": self._away})

    def _read_all(self) -> None:
        changes, networks = self._number(LAST_CHANGE), self._number(LAST_NETWORK)
        self._read_revocations()
        self._read_networks(networks)
        self._read_slips(changes)

    def _number(self, sql: str) -> int:
        rows = self._database.rows(sql)
        return int(rows[0][0]) if rows else 0

    def _read_revocations(self) -> None:
        after = max(self._last_revocation, 0)
        for change, reader in self._database.rows(REVOCATIONS_AFTER, after):
            self.revocations[reader] = change
            after = change
        self._last_revocation = max(after, 0)

    def _read_networks(self, number: int) -> None:
        self.networks = Networks(network_from(row) for row in self._database.rows(NETWORKS))
        self._last_network = number

    def _read_slips(self, number: int) -> None:
        after, rows = max(self._last_change, 0), None
        while rows is None or len(rows) == AT_ONCE:
            rows = self._database.rows(SLIPS_AFTER, after, AT_ONCE)
            for row in rows:
                self._learn(row)
            after = rows[-1][0] if rows else after
        self._last_change = max(after, number)

    def _learn(self, row: tuple[Any, ...]) -> None:
        """A slip that this version cannot read is no slip: whoever asks for its path is sent to Django."""
        try:
            self.slips[row[1]] = slip_from(row)
        except ValueError:
            log.exception("The slip of %s cannot be read.", row[1])
            self.slips.pop(row[1], None)


def network_from(row: tuple[Any, ...]) -> Network:
    first, last, institution, starts_at, ends_at = row
    return Network(int(first, 16), int(last, 16), institution, _seconds(starts_at), _seconds(ends_at) if ends_at else FOR_EVER)


def _seconds(moment: datetime | str) -> float:
    """PostgreSQL answers moments, SQLite the text that Django wrote, in UTC."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()

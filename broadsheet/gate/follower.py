"""The one thread of a gate that is not a request's: follows the database, and writes the readings down."""

import atexit
import logging
import os
import signal
import time
from threading import Event, Thread

from broadsheet.gate.memory import Memory
from broadsheet.gate.spool import Spool

LOOKS_EVERY = 0.2  # seconds between two looks at the database
WRITES_EVERY = 1.0  # seconds between two writings of readings: what a kill may lose

log = logging.getLogger(__name__)


class Follower(Thread):
    def __init__(self, memory: Memory, spool: Spool) -> None:
        super().__init__(name="gate-follower", daemon=True)
        self._memory = memory
        self._spool = spool
        self._stopped = Event()

    def start(self) -> None:
        self._memory.catch_up()  # before the first request is answered
        atexit.register(self.stop)
        super().start()

    def stop(self) -> None:
        self._stopped.set()
        if self.is_alive():
            self.join(timeout=5)
        self._spool.close()
        atexit.unregister(self.stop)

    def run(self) -> None:
        try:
            self._follow()
        except BaseException:
            # A gate that follows nothing would honour revoked passes for ever: end, and let the server start another.
            log.critical("The gate's follower failed; this process ends.", exc_info=True)
            os.kill(os.getpid(), signal.SIGTERM)
            raise

    def _follow(self) -> None:
        written_at = time.monotonic()
        while not self._stopped.wait(LOOKS_EVERY):
            self._memory.catch_up()
            if time.monotonic() - written_at >= WRITES_EVERY:
                self._spool.flush()
                written_at = time.monotonic()

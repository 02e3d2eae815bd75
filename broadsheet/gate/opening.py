"""Opens a gate: puts its parts together and starts to follow the database."""

from broadsheet.gate.app import Gate
from broadsheet.gate.database import Database
from broadsheet.gate.deciding import Renew
from broadsheet.gate.follower import Follower
from broadsheet.gate.limit import Application
from broadsheet.gate.memory import Memory
from broadsheet.gate.serving import PrintWall
from broadsheet.gate.settings import GateSettings
from broadsheet.gate.shelf import Shelf
from broadsheet.gate.spool import Spool
from broadsheet.kit.collecting import settle


def open_gate(settings: GateSettings, *, behind: Application, renew: Renew, print_wall: PrintWall) -> tuple[Gate, Follower]:
    """The gate, and the follower that is already at work; stop it to hand over the readings."""
    database = Database(settings.database_url)
    memory, spool = Memory(database), Spool(settings.spool)
    shelf = Shelf(database, most_bytes=settings.most_bytes)
    gate = Gate(settings, memory, shelf, spool, behind=behind, renew=renew, print_wall=print_wall)
    follower = Follower(memory, spool)
    follower.start()
    settle()
    return gate, follower

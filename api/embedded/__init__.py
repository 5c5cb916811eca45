"""PostgreSQL and Valkey out of Python wheels, so that a fresh clone runs with nothing installed beside it.

They serve development, tests and single machines. `DATABASE_URL` and `REDIS_URL` put real servers in their place, and
then nothing in here is used.
"""

from api.embedded.lock import AlreadyRunning
from api.embedded.place import EmbeddedServerError
from api.embedded.postgres import start_postgres
from api.embedded.process import EmbeddedServer
from api.embedded.servers import EmbeddedServers, remove_data, running_urls
from api.embedded.valkey import start_valkey

__all__ = [
    "AlreadyRunning",
    "EmbeddedServer",
    "EmbeddedServerError",
    "EmbeddedServers",
    "remove_data",
    "running_urls",
    "start_postgres",
    "start_valkey",
]

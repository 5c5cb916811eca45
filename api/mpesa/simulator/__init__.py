"""The simulator: an M-Pesa to try things with, which speaks Daraja's protocol and misbehaves as the real one does.

It is a service of its own, keeps everything in memory, moves nobody's money, and tells on its control pages what really
happened, so that a reconciliation can be compared with the truth.
"""

from api.mpesa.simulator.app import simulator_of
from api.mpesa.simulator.config import Rates, SimulatorConfig

__all__ = ["Rates", "SimulatorConfig", "simulator_of"]

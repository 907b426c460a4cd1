"""How Arrow gets memory from the system."""

import pyarrow


def save_memory() -> None:
    """Let Arrow take memory as Python does, for the whole process: half as much, and as fast."""
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())

"""Collecting garbage on the GUI thread alone, while others work.

Python collects in whichever thread happens to allocate. A widget that only a cycle still holds would be destroyed by
a worker then, which Qt forbids: the window stops for ever, or dies later in a list that two threads have written.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MILLISECONDS = 200
"""Short enough that what a busy worker made since is looked through in some milliseconds."""

_running: list["Collector"] = []


class Collector(QObject):
    """Takes the place of Python's own collections until it is stopped; made and stopped on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_in_place_of_python: bool = gc.isenabled() or any(other._is_in_place_of_python for other in _running)
        _running.append(self)
        gc.disable()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.collect)
        self._clock.start(INTERVAL_MILLISECONDS)

    def collect(self) -> None:
        """Collect the oldest generation that Python would collect now, if any."""
        counts, limits = gc.get_count(), gc.get_threshold()
        if counts[0] > limits[0]:
            gc.collect(max(generation for generation in range(3) if counts[generation] > limits[generation]))

    def stop(self) -> None:
        """Leave collecting to Python again, unless another one runs or Python did not collect before."""
        self._clock.stop()
        if self in _running:
            _running.remove(self)
            if not _running and self._is_in_place_of_python:
                gc.enable()

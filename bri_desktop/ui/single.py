"""One window for a ledger: a second start brings the first window to the front instead of opening another."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

WAIT_MILLISECONDS = 1_500
CALL = b"front\n"


def name_of(ledger: Path) -> str:
    """Return the name under which the window of a ledger listens: the same for each way of writing its path."""
    return "bri-desktop-" + hashlib.sha256(str(ledger.resolve()).encode()).hexdigest()[:20]


class FirstWindow(QObject):
    """Listens for later starts on the same ledger and shows ``window`` when one calls."""

    def __init__(self, ledger: Path, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_call)
        QLocalServer.removeServer(name_of(ledger))
        self.is_listening = self._server.listen(name_of(ledger))

    def _on_call(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.disconnected.connect(socket.deleteLater)
        socket.write(CALL)
        socket.flush()
        window = self._window
        window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        window.show()
        window.raise_()
        window.activateWindow()

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()


def call_first(ledger: Path) -> bool:
    """Ask the window that has the ledger open to come to the front; return whether it answered."""
    socket = QLocalSocket()
    socket.connectToServer(name_of(ledger))
    answered = socket.waitForConnected(WAIT_MILLISECONDS) and socket.waitForReadyRead(WAIT_MILLISECONDS)
    socket.abort()
    return bool(answered)

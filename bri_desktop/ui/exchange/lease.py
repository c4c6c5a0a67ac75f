"""An opened file that work on other threads may still be reading: it is closed when the last of them has ended."""

from bri_desktop.services.intake_wizard import Book


class Lease:
    """Counts the work on a book; used on the GUI thread alone."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.closing = False
        self._running = 0

    def begin(self) -> None:
        """Some work begins to read the book."""
        self._running += 1

    def end(self) -> None:
        """That work has ended, well or not."""
        self._running -= 1
        self._close_if_free()

    def close(self) -> None:
        """The book is not wanted any more."""
        self.closing = True
        self._close_if_free()

    def _close_if_free(self) -> None:
        if self.closing and not self._running:
            self.book.close()

"""Where a bundle starts: the program itself, or one of the starts that packaging/measure compares."""

import sys

if sys.argv[1:] == ["bare-window"]:
    # The peer of the start: Qt and SQLAlchemy, and nothing of ours.
    import time

    import sqlalchemy.orm  # noqa: F401 - what it costs is measured
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    application = QApplication([])
    window = QWidget()
    window.resize(1366, 768)
    window.show()
    QTimer.singleShot(0, lambda: (sys.stdout.write(f"{time.time()}\n"), application.quit()))
    raise SystemExit(application.exec())

if sys.argv[1:2] == ["shown-window"]:
    # The program's own window, until the first rows of the ledger named are shown.
    import gc

    gc.disable()
    from bri_desktop.arguments import GlobalOptions
    from bri_desktop.start import run_window

    raise SystemExit(run_window(GlobalOptions(db=sys.argv[2]), page="projects", until_shown=True))

from bri_desktop.__main__ import main

raise SystemExit(main())

"""Whether a window can be opened here: asked before Qt is, which ends the process where it cannot.

Also which of Qt's platforms and input methods fit this session, where Qt itself would choose one that is not there.
"""

import ctypes
import locale
import os
import socket
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import PySide6

from bri_desktop.system import MISSING

PLATFORMS = Path(PySide6.__path__[0]) / "Qt" / "plugins" / "platforms"
WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class DisplayFault:
    """Why no window can be opened, as a code with its values."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


def missing_library(error: OSError) -> DisplayFault:
    """Return the fault of a library of the system that the loader did not find."""
    found = MISSING.search(str(error))
    return DisplayFault("library_missing", {"library": found[1] if found else str(error)})


def fault(environment: MutableMapping[str, str], *, system: str = sys.platform) -> DisplayFault | None:
    """Return why no window can be opened in this session, ``None`` where one can; chooses what Qt needs to be told."""
    if not system.startswith("linux"):
        return None
    environment.update(input_method(environment) | character_set())
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen and not chosen.startswith(("xcb", "wayland")):
        return None
    if environment.get("DISPLAY"):
        return _fault_of_x(environment["DISPLAY"])
    if environment.get("WAYLAND_DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "wayland")
        return _fault_of_wayland(environment)
    return DisplayFault("no_display")


def _fault_of_x(name: str) -> DisplayFault | None:
    """Load Qt's plugin for X and knock at the display, as Qt will."""
    try:
        ctypes.CDLL(str(PLATFORMS / "libqxcb.so"))
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return missing_library(error)
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(os.fsencode(name), None)
    is_refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return DisplayFault("display_unreachable", {"display": name}) if is_refused else None


def _fault_of_wayland(environment: Mapping[str, str]) -> DisplayFault | None:
    try:
        ctypes.CDLL(str(PLATFORMS / "libqwayland-generic.so"))
    except OSError as error:
        return missing_library(error)
    name = environment["WAYLAND_DISPLAY"]
    place = Path(environment.get("XDG_RUNTIME_DIR", ""), name)
    with closing(socket.socket(socket.AF_UNIX)) as asked:
        asked.settimeout(WAIT_SECONDS)
        try:
            asked.connect(str(place))
        except OSError:
            return DisplayFault("display_unreachable", {"display": name})
    return None


def character_set(used: str | None = None) -> dict[str, str]:
    """Return what to set so that Qt finds a locale of UTF-8 without complaint; ``used`` is the one of the process."""
    known = locale.nl_langinfo(locale.CODESET) if used is None else used
    return {} if known.upper().replace("-", "") == "UTF8" else {"LC_ALL": "C.UTF-8"}


def input_method(environment: Mapping[str, str], *, plugins: Path | None = None) -> dict[str, str]:
    """Return what to set so that Chinese can be typed through fcitx.

    Qt's own packages have no plugin of fcitx; fcitx 5 answers as IBus does. Where an administrator has put a plugin
    beside Qt's, it is left to its work.
    """
    folder = plugins or PLATFORMS.parent / "platforminputcontexts"
    named = environment.get("QT_IM_MODULE") or environment.get("XMODIFIERS", "").partition("@im=")[2]
    if not named.startswith("fcitx") or any(folder.glob("*fcitx*")):
        return {}
    return {"QT_IM_MODULE": "ibus"}

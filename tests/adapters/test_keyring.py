"""The real keyring of a session: GNOME Keyring on a D-Bus of the test's own, and sessions that have none."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters.keyring_steps import SECRET
from tests.patience import LIMIT_S

ROOT = Path(__file__).parents[2]
STEPS = f'"{sys.executable}" -m tests.adapters.keyring_steps'
UNLOCKED = f"printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec {STEPS}"


def _run(step: str, script: str, folder: Path, *, needs: tuple[str, ...] = ()) -> list[str | None]:
    """What a step prints in a home of its own."""
    if missing := [name for name in needs if shutil.which(name) is None]:
        pytest.skip(f"{' and '.join(missing)} not installed: `apt-get install dbus gnome-keyring` brings it.")
    session = ("dbus-run-session", "--") if "dbus-run-session" in needs else ()
    done = subprocess.run(
        [*session, "sh", "-c", f"{script} {step}"],
        cwd=ROOT,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if "gnome-keyring-daemon: Operation not permitted" in done.stderr:
        pytest.skip("gnome-keyring-daemon may not be run here: it asks for locked memory.")
    assert done.returncode == 0, done.stderr
    found: list[str | None] = json.loads(done.stdout)
    return found


def _environment(folder: Path) -> dict[str, str]:
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "LC_ALL", "PYTHONPATH") if name in os.environ}
    own = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return {**kept, **own, "XDG_RUNTIME_DIR": str(runtime)}


NEEDS = ("dbus-run-session", "gnome-keyring-daemon")


def test_a_real_keyring_keeps_replaces_and_forgets(tmp_path: Path) -> None:
    assert _run("keep", UNLOCKED, tmp_path, needs=NEEDS) == [None, "first", SECRET, None]


def test_a_real_keyring_signs_in_until_it_forgets(tmp_path: Path) -> None:
    assert _run("sign_in", UNLOCKED, tmp_path, needs=NEEDS) == ["", SECRET, None]


def test_a_locked_keyring_says_what_to_do(tmp_path: Path) -> None:
    (said,) = _run("lock", UNLOCKED, tmp_path, needs=NEEDS)
    assert said == "The keyring is locked. Unlock it, or sign in to the desktop again, and try once more."


def test_a_mute_service_is_not_waited_for(tmp_path: Path) -> None:
    said, how_long = _run("mute", f"exec {STEPS}", tmp_path, needs=NEEDS[:1])
    assert said is not None
    assert said.startswith("The keyring does not answer.")
    assert how_long == "in time"


def test_a_session_without_a_bus_says_that_nothing_is_remembered(tmp_path: Path) -> None:
    (said,) = _run("ask", f"exec {STEPS}", tmp_path)
    assert said is not None
    assert said.startswith("This session has no keyring, so passwords are not remembered.")

"""Pictures of second and third level on the demo centre: `python -m tests.ui.show_levels FOLDER [--scheme dark]`."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from app.bootstrap.opening import open_demo
from tests.ui.pictures import picture_options, prepared, save, size_of
from ui.background import Background
from ui.keys import let_run, press, type_text, wait_until
from ui.shell import Shell
from ui.window import Window
from ui.workbench import Workbench

SETTLE_MS = 900


def main() -> None:
    """Each page once, in one language, one scheme and one size."""
    options = picture_options().parse_args()
    _app = prepared(options)
    with tempfile.TemporaryDirectory() as folder:
        desk = open_demo(Path(folder), undo_s=0.0)
        window = Window()
        window.resize(*size_of(options))
        window.show()
        shell = Shell(window, desk, Background(window))
        shell.start()
        _wait(lambda: desk.is_in_contact and desk.index.count() > 0)
        for name in _pages(window, shell):
            let_run(SETTLE_MS)
            save(window, options, name)
        shell.stop()
        window.close()


def _pages(window: Window, shell: Shell) -> Iterator[str]:
    press(window, "Ctrl+Shift+Q")
    bench = shell.screens.currentWidget()
    assert isinstance(bench, Workbench)
    _wait(lambda: bench.lists.is_read and bool(bench.lists.own.records.records))
    bench.lists.own.step(1)
    _wait(lambda: bench.case.shown is not None)
    yield "levels-talk"
    bench.lists.filter.choices.aboutToShow.emit()
    bench.lists.questions.table.step(1)
    yield "levels-question"
    press(window, "Ctrl+L")
    _wait(lambda: bench.case.shown is not None and bench.case.shown.is_mine and bench.case.shown.can_be_returned)
    yield "levels-claimed"
    press(window, "Ctrl+1")
    yield "levels-answer-as-read"
    press(window, "Esc")
    bench.case.strip.editor.setFocus()
    type_text(window, "Schlüsseltausch auf Version 1 gestellt, die Verbindung hält.")
    press(window, "Ctrl+D")
    _wait(lambda: bench.case.shown is not None and bench.case.shown.is_solved_by_me)
    press(window, "Shift+F4")
    type_text(window, shell.desk.index.answers()[0].title)
    yield "levels-first-could"
    press(window, "Return")
    _wait(lambda: bench.case.shown is not None and bench.case.shown.file.first_could is not None)
    yield "levels-first-could-said"
    press(window, "Ctrl+Shift+P")
    yield "levels-problems"
    press(window, "Ctrl+Shift+M")
    yield "levels-messages"
    press(window, "Ctrl+Shift+K")
    yield "levels-knowledge"
    press(window, "Ctrl+Shift+A")
    yield "levels-agent"


def _wait(claim: Callable[[], bool]) -> None:
    assert wait_until(claim), "the screen does not show what it should"


if __name__ == "__main__":
    main()

"""`firstline --wallboard`: opens it full screen, and leaves nothing open behind it."""

import argparse
from concurrent.futures import ThreadPoolExecutor

from app.bootstrap.wall import open_wall
from ui import garbage
from ui.application import make_application
from ui.background import Background
from ui.wallboard.wall import Wall


def run_wallboard(options: argparse.Namespace) -> int:
    """Until somebody closes it; the exit status."""
    app = make_application(options)
    source = open_wall(is_demo=options.demo == "demo", database=options.database, login=options.login,
                       folder=options.folder)  # fmt: skip
    background = Background()
    with ThreadPoolExecutor(1, thread_name_prefix="wall") as lane:
        wall = Wall(background, lane, source.now)
        garbage.collect_here(wall)
        wall.showFullScreen()
        status = app.exec()
        background.close()
    source.close()
    return status

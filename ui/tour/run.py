"""`firstline demo --tour FOLDER`: the whole main job on the offscreen platform."""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from app.domain.errors import FirstlineError
from app.i18n import tr
from ui.application import make_application
from ui.tour.driver import Tour
from ui.tour.steps import STEPS


def run_tour(options: argparse.Namespace) -> int:
    """Walk through the main job and write pictures and `tour.json` into `options.tour`; 1 when a check failed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application(options)
    options.tour.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firstline-tour-")))
        try:
            tour = Tour(app, options, folder)
        except FirstlineError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        stack.callback(tour.close)
        is_passed = all(tour.step(*step) for step in STEPS)  # the first that fails is the last
    for step in tour.steps:
        mark = tr("ok") if step.is_passed else tr("FAILED")
        sys.stdout.write(f"{step.number:2}  {mark:6}  {step.took_ms:5} ms  {step.name}\n")
    return 0 if is_passed else 1

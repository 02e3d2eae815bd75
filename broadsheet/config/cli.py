"""The operator's command line: make a publication, run it, fill it. Every word here ends in one action of a room."""

import argparse
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

import django
from django.core.management import execute_from_command_line
from dotenv import load_dotenv

SETTINGS_FILE = "broadsheet.env"
DEMO_STATE = Path(".state/demo")
DEMO_MARK = "made-by-the-demo"


def main() -> None:
    options = _parser().parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
    options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="broadsheet", description="A subscription publication, from the desk to the reader.")
    words = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_new(words)
    _add_serve(words)
    _add_demo(words)
    _add_import(words)
    _add_sweep(words)
    _add_doctor(words)
    _add_manage(words)
    return parser


def _add_new(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    new = words.add_parser("new", help="make an empty publication in a folder of its own")
    new.add_argument("folder", type=Path)
    new.add_argument("--name", help="the publication's name (asked for if not given)")
    new.add_argument("--owner", help="the owner's mail address: the first to enter the desk (asked for if not given)")
    new.add_argument("--zone", help="time zone, such as Europe/London: months and weekdays begin there (asked for if not given)")
    new.add_argument("--url", help="where readers find it", default="http://127.0.0.1:8000")
    new.add_argument("--mail-from", help="the sender of its mail", default="")
    new.set_defaults(run=lambda options: _found(options))


def _add_serve(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = words.add_parser("serve", help="run a publication in production: web processes and worker")
    serve.add_argument("folder", type=Path, nargs="?", default=Path())
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")
    serve.set_defaults(run=_serve)


def _add_demo(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = words.add_parser("demo", help="load the demo publication and run it on this machine only")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--library", type=Path, help="a JSONL library to load as well (.jsonl, .gz or .zst)")
    demo.add_argument("--state", type=Path, default=DEMO_STATE, help="where its database and files lie")
    demo.add_argument("--fresh", action="store_true", help="begin anew: forget the state of an earlier demo")
    demo.set_defaults(run=_demo)


def _add_import(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bring = words.add_parser("import", help="bring articles in; run it again as often as you like")
    kinds = bring.add_subparsers(required=True, metavar="KIND")
    library = kinds.add_parser("library", help="a JSONL library (.jsonl, .gz or .zst)")
    library.add_argument("file", type=Path)
    library.add_argument("--source", default="library", help="name of the source: ids are unique within it")
    library.add_argument(
        "--audiences-by-kind",
        action="store_true",
        help="country profiles open, essays for members, where an article does not say it (else: metered)",
    )
    library.add_argument("--report", type=Path, help="where to write what became of each item (default: in the state folder)")
    library.add_argument("--folder", type=Path, default=Path(), help="the publication's folder")
    library.set_defaults(run=_import_library)


def _add_sweep(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sweep = words.add_parser(
        "sweep", help="do once, now, what the clock has done from time to time: after a crash, or to be sure"
    )
    sweep.add_argument("folder", type=Path, nargs="?", default=Path())
    sweep.add_argument("--demo", action="store_true", help="the demo publication of this folder")
    sweep.set_defaults(run=_sweep)


def _add_doctor(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    doctor = words.add_parser("doctor", help="look everything over: a line for each thing, and what to do where one is wrong")
    doctor.add_argument("folder", type=Path, nargs="?", default=Path())
    doctor.add_argument("--demo", action="store_true", help="the demo publication of this folder")
    doctor.set_defaults(run=_doctor)


def _add_manage(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    manage = words.add_parser("manage", help="any other command of the publication, such as press or sweep", add_help=False)
    manage.add_argument("--folder", type=Path, default=Path(), help="the publication's folder")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    manage.set_defaults(run=_manage)


def _found(options: argparse.Namespace) -> None:
    import_module("broadsheet.config.founding").found(options)


def _serve(options: argparse.Namespace) -> None:
    _enter(options.folder)
    import_module("broadsheet.config.serving").serve(host=options.host, port=options.port, workers=options.workers)


def _demo(options: argparse.Namespace) -> None:
    if options.fresh:
        _forget_demo(options.state)
    _mark_demo(options.state)
    _enter_demo(options.state, url=f"http://127.0.0.1:{options.port}")
    if options.library and not options.library.is_file():
        sys.exit(f"There is no library at {options.library}: give the path of a .jsonl, .jsonl.gz or .jsonl.zst file.")
    django.setup()
    import_module("broadsheet.config.demo.running").run_demo(port=options.port, library=options.library)


def _mark_demo(state: Path) -> None:
    if not state.is_dir() or not any(state.iterdir()):
        state.mkdir(parents=True, exist_ok=True)
        (state / DEMO_MARK).write_text("The demo's state: `make demo FRESH=yes` removes this folder.\n")


def _forget_demo(state: Path) -> None:
    """Only what a demo made: any other folder, a publication's above all, is left alone."""
    if not state.is_dir() or not any(state.iterdir()):
        return
    if not (state / DEMO_MARK).is_file():
        sys.exit(f"{state} was not made by a demo: it holds no file {DEMO_MARK}. Nothing was removed.")
    shutil.rmtree(state)


def _sweep(options: argparse.Namespace) -> None:
    _enter_either(options)
    django.setup()
    import_module("broadsheet.config.sweeping").sweep()


def _doctor(options: argparse.Namespace) -> None:
    _enter_either(options)
    django.setup()
    import_module("broadsheet.config.doctor").doctor(settings_file=options.folder / SETTINGS_FILE)


def _enter_either(options: argparse.Namespace) -> None:
    if options.demo:
        _enter_demo(options.folder / DEMO_STATE, url="http://127.0.0.1:8000")
    else:
        _enter(options.folder)


def _import_library(options: argparse.Namespace) -> None:
    _enter(options.folder)
    django.setup()
    import_module("broadsheet.config.preparing").prepare()
    import_module("broadsheet.config.importing").import_from(
        options.file, source=options.source, report=options.report, audiences_by_kind=options.audiences_by_kind
    )


def _manage(options: argparse.Namespace) -> None:
    _enter(options.folder)
    if "press" in options.words[:1]:  # pages name static files by what is in them, so these must be there
        django.setup()
        import_module("broadsheet.config.preparing").prepare()
    execute_from_command_line(["broadsheet manage", *options.words])


def _enter_demo(state: Path, *, url: str) -> None:
    os.environ["BROADSHEET_DEMO"] = "yes"
    os.environ["BROADSHEET_STATE"] = str(state.resolve())
    os.environ["BROADSHEET_URL"] = url
    os.environ["BROADSHEET_CLOCK_FILE"] = str(state.resolve() / "clock")


def _enter(folder: Path) -> None:
    """Read the publication's settings; what the environment says already stands above the file."""
    load_dotenv(folder / SETTINGS_FILE)
    if (folder / SETTINGS_FILE).is_file():
        os.environ.setdefault("BROADSHEET_STATE", str((folder / "state").resolve()))


if __name__ == "__main__":
    main()

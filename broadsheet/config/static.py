"""Static files under hashed names, compressed once; collected, and pages printed anew, only when something can have changed."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django_tasks import task
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

import broadsheet

PAGES_NEED = ("css/", "js/", "fonts/")  # what readers' pages ask for; the rest is the desk's
BROUGHT_BY = ("django", "wagtail", "django-allauth", "whitenoise")
OURS = ("*/static/**/*", "design/css/**/*", "design/bundle.py")
LOOKS = (*OURS, "design/templates/**/*", "design/**/*.py", "newsroom/*.py", "press/*.py")


class PagesCompressed(CompressedManifestStaticFilesStorage):
    """The demo's, seen from the machine it runs on: packing the desk's megabytes would take longer than all else it does."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files([path for path in paths if path.startswith(PAGES_NEED)])

    def stored_name(self, name: str) -> str:
        """Its own name where nothing was ever collected: rather pages without looks than none. Else what is missing fails."""
        stored: str = super().stored_name(name) if self.hashed_files else name
        return stored


class AllCompressed(PagesCompressed):
    """A publication's: what readers load as small as it gets, the desk's by gzip alone, which takes a twentieth of the time."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        paths = list(paths)
        yield from super().compress_files(paths)
        gzip_only = Compressor(quiet=True, use_brotli=False)
        for path in paths:
            if not path.startswith(PAGES_NEED) and gzip_only.should_compress(path):
                full = self.path(path)
                yield from ((path, packed[len(full) - len(path) :]) for packed in gzip_only.compress(full))


def collect_static() -> None:
    stamp = Path(settings.STATE) / "collected"
    now = digest_of(OURS)
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(now)


def print_anew_if_looks_changed() -> None:
    """Printed pages keep the looks, name and address that they were printed with: all are printed again, in the background."""
    stamp = Path(settings.STATE) / "printed-with"
    # What stands in every page beside its looks.
    now = f"{digest_of(LOOKS)} {settings.BASE_URL} {settings.TIME_ZONE} {settings.PUBLICATION_NAME}"
    if stamp.exists() and stamp.read_text() != now:
        print_all.enqueue()
    stamp.write_text(now)


@task(queue_name="long")
def print_all() -> None:
    """In a process of its own: it forks others, which a process with threads must not."""
    subprocess.run([sys.executable, "-m", "django", "press", "--all"], check=True, stdout=subprocess.DEVNULL)


def digest_of(patterns: Iterable[str]) -> str:
    """Names all that these files say, and whose packages they lean on: ours by contents, others' by versions."""
    package = Path(broadsheet.__file__).parent
    digest = blake2b(digest_size=16)
    for name in BROUGHT_BY:
        digest.update(f"{name} {version(name)}\n".encode())
    for file in sorted(
        file for pattern in patterns for file in package.glob(pattern) if file.is_file() and "__pycache__" not in file.parts
    ):
        digest.update(f"{file.relative_to(package)}\n".encode() + file.read_bytes())
    return digest.hexdigest()

"""Whether briefs quote to the letter and refuse what the library does not answer, and how long they take: on the real library.

`python -m bench.briefs [QUESTIONS]`. The state of `bench.search` is used, and made where there is none. 500 questions are made of
the library's own sentences (`bench.asked_of_it`), and 200 that it cannot answer, half of them near misses. Each sentence of each
brief is looked for in the paragraph that it names, as the press has that article; what it leaves out must be marked. One thread.
"""

import json
import sys

from bench.press import environment, run
from bench.search import PLACE, prepare

QUESTIONS = 500


def main(many: int) -> None:
    environ = environment(PLACE)
    prepare(PLACE, environ)
    if not (PLACE / "library" / "current").exists():
        run("manage.py", "index_library", "--anew", environ=environ)
    environ |= {"OMP_NUM_THREADS": "1"}
    figures = json.loads(run("-m", "bench.with_django", "bench.briefs_asked", str(many), environ=environ).splitlines()[-1])
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.4g}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS)

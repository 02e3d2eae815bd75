"""How long pages take that show how the library hangs together: the twenty largest countries, relations and issues.

`python -m bench.together`, on the library that `bench.search` imports and keeps. Milliseconds for pressing a page, with both cuts
and filing, and those of its CPU; of three times the middle one, of twenty pages the worst. Reference of the same run: the list
alone of the same countries, composed without what was gleaned and not filed.
"""

import json

from bench.press import environment, run
from bench.search import PLACE, prepare


def main() -> None:
    environ = environment(PLACE)
    prepare(PLACE, environ)
    run("manage.py", "migrate", "--verbosity", "0", environ=environ)
    for name, value in json.loads(run("-m", "bench.with_django", "bench.overviews", environ=environ).splitlines()[-1]).items():
        print(f"FIGURE {name}={value:.3g}")


if __name__ == "__main__":
    main()

"""How often one of the first three sentences of a brief answers a question of world affairs: on the real library, judged by hand.

`python -m bench.judged`. The 60 questions of `bench/judged/world_affairs.jsonl`, and 60 harder ones that count by themselves
(`judged_more`: no plain facts), were written from the texts before the engine was asked. The state of `bench.search` is used, and
made where there is none. One thread.
"""

import json

from bench.press import environment, run
from bench.search import PLACE, prepare


def main() -> None:
    environ = environment(PLACE)
    prepare(PLACE, environ)
    if not (PLACE / "library" / "current").exists():
        run("manage.py", "index_library", "--anew", environ=environ)
    environ |= {"OMP_NUM_THREADS": "1"}
    *told, last = run("-m", "bench.with_django", "bench.judged_asked", environ=environ).splitlines()
    print("\n".join(told))
    for name, value in json.loads(last).items():
        print(f"FIGURE {name}={value:.4g}")


if __name__ == "__main__":
    main()

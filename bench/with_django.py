"""Sets Django up, then runs a module of the benchmarks: `python -m bench.with_django bench.searching 10`."""

import runpy
import sys

import django

if __name__ == "__main__":
    django.setup()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

"""The product's settings, with one more address: a request that is slow on purpose."""

from broadsheet.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"

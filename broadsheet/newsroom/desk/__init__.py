"""The desk: what Wagtail's admin shows of articles, axes and the week."""

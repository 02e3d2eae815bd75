"""Benchmarks that anyone can run; each prints ratios against a reference of the same run, and ends with lines of FIGURE."""

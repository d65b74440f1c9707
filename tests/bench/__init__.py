"""Benchmarks: the product's pages beside bare views of the same rows, in the same server, in the same run."""

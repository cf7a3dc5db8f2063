"""Invented supply networks of any size, the same for the same seed: for benchmarks and trials."""

from holdfast.kit.trace.worlds.network import Network
from holdfast.kit.trace.worlds.writing import write_network

__all__ = ["Network", "write_network"]

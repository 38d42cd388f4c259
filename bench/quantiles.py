"""Latencies as the tables of bench/ give them."""

from collections.abc import Sequence


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which a part of the values lies, by the nearest rank; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def milliseconds(values: Sequence[float]) -> str:
    """Return median, 99th percentile and maximum of seconds as text in milliseconds."""
    return " / ".join(f"{1000 * quantile(values, part):.1f}" for part in (0.5, 0.99, 1.0))

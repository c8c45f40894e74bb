"""How the figures of the documentation look."""

import sys

try:
    import matplotlib
except ImportError:
    sys.exit("error: matplotlib is missing: apt-get install python3-matplotlib, and run this with /usr/bin/python3")

matplotlib.use("Agg")
import matplotlib.pyplot as pyplot

# Colour-blind safe (Okabe and Ito, 2008).
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]

pyplot.rcParams.update({
    "figure.figsize": (6.4, 3.8), "figure.dpi": 100, "font.size": 10, "axes.grid": True, "grid.alpha": 0.3,
    "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False, "svg.hashsalt": "conclave",
    "svg.fonttype": "none", "font.family": ["DejaVu Sans", "sans-serif"]})


def lines(axes, frame, x, by, labels=None, scale=1.0):
    """A line with error bars for each value of `by`; `frame` is what mean_ci() gives."""
    for i, (value, group) in enumerate(frame.groupby(by, sort=False)):
        label = labels.get(value, value) if labels else value
        axes.errorbar(group[x], group["mean"] * scale, yerr=group["ci"] * scale, label=label, capsize=2, linewidth=1.4,
                      color=COLOURS[i % len(COLOURS)], marker=MARKERS[i % len(MARKERS)], markersize=5)


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None} if str(path).endswith(".svg") else None)
    pyplot.close(figure)

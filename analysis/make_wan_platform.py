#!/usr/bin/python3
"""Write a SimGrid platform of cloud regions from a table of measured round-trip times.

    analysis/make_wan_platform.py platforms/data/aws_21_regions.csv > platforms/wan_21_regions.xml

The table is a square CSV file: a header of region names, then one row a region; the cell in row A and column B is the
round-trip time from A to B in milliseconds, the diagonal is the round-trip time within a region. Lines that start
with '#' say where the numbers come from and are copied to the top of the platform.

Every region is a cluster of hosts without a backbone; every two regions are joined by one link. With rtt(A, B) the
mean of the two directions,

    latency of a host's access link in A  = rtt(A, A) / 4
    latency of the link between A and B   = rtt(A, B) / 2 - access latency in A - access latency in B

so that a message there and back takes the measured time between any two hosts. Arithmetic is decimal and exact.
"""

import argparse
import csv
import itertools
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path


CORE_BANDWIDTH = "10Gbps"
HOST_SPEED = "1Gf"
HOST_CORES = 4


class TableError(Exception):
    """The table cannot be turned into a platform; the text says which cell and why."""


class RoundTrips:
    """A complete table of positive round-trip times between named regions, in milliseconds."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        self.source = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
        table = list(csv.reader(line for line in lines if line.strip() and not line.startswith("#")))
        if not table:
            raise TableError(f"{path}: no table")
        header, *rows = table
        self.regions = header[1:]
        if len(set(self.regions)) != len(self.regions):
            raise TableError(f"{path}: a region occurs twice in the header")
        if [row[0] for row in rows] != self.regions:
            raise TableError(f"{path}: the rows must name the same regions as the header, in the same order")
        self._cells = {}
        for row in rows:
            if len(row) != len(header):
                raise TableError(f"{path}: the row of {row[0]} has {len(row) - 1} values, not {len(self.regions)}")
            for to, text in zip(self.regions, row[1:]):
                self._cells[row[0], to] = self._milliseconds(text, f"{path}: from {row[0]} to {to}")

    @staticmethod
    def _milliseconds(text: str, where: str) -> Decimal:
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            raise TableError(f"{where}: «{text}» is not a number") from None
        if not value.is_finite() or value <= 0:
            raise TableError(f"{where}: {text} is not a positive time")
        return value

    def between(self, a: str, b: str) -> Decimal:
        """The mean of both directions."""
        return (self._cells[a, b] + self._cells[b, a]) / 2

    def access(self, region: str) -> Decimal:
        """One-way latency of a host's access link: a round trip inside the region crosses four of them."""
        return self.between(region, region) / 4

    def link(self, a: str, b: str) -> Decimal:
        """One-way latency of the link between two regions."""
        latency = self.between(a, b) / 2 - self.access(a) - self.access(b)
        if latency <= 0:
            raise TableError(f"{a} and {b} are nearer to each other than their hosts are to the router")
        return latency


def milliseconds(value: Decimal) -> str:
    return f"{value.normalize():f}ms"


def comment(paragraphs: list[str]) -> str:
    text = "\n".join(f"  {line}".rstrip() for line in paragraphs)
    if "--" in text:
        raise TableError("an XML comment must not contain two hyphens in a row; take them out of the table's comment")
    return f"<!--\n{text}\n-->"


def platform(trips: RoundTrips, regions: list[str], options: argparse.Namespace) -> str:
    command = f"analysis/make_wan_platform.py {options.table} -n {options.hosts} -b {options.bandwidth}"
    if regions != trips.regions:
        command += f" -r {','.join(regions)}"
    notes = [
        f"{len(regions)} regions of {options.hosts} hosts: region-0 to region-{options.hosts - 1}.",
        f"Generated, do not edit: {command}",
        "",
        *trips.source,
        "",
        "Latencies are one-way: access link = rtt(A,A)/4; between regions = rtt(A,B)/2 less both access latencies, where",
        "rtt(A,B) is the mean of both directions. A round trip between two hosts takes rtt(A,B).",
        f"Choices, not measurements: access links {options.bandwidth} full duplex; between regions "
        f"{CORE_BANDWIDTH} FATPIPE (a limit on",
        f"each flow, no contention between flows); hosts {HOST_SPEED} with {HOST_CORES} cores.",
    ]
    lines = [
        "<?xml version='1.0'?>",
        '<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">',
        comment(notes),
        '<platform version="4.1">',
        '  <zone id="wan" routing="Full">',
    ]
    lines += [
        f'    <cluster id="{region}" prefix="{region}-" suffix="" radical="0-{options.hosts - 1}" '
        f'router_id="{region}.router" speed="{HOST_SPEED}" core="{HOST_CORES}" bw="{options.bandwidth}" '
        f'lat="{milliseconds(trips.access(region))}"/>'
        for region in regions
    ]
    pairs = list(itertools.combinations(regions, 2))
    lines += [
        f'    <link id="{a}~{b}" bandwidth="{CORE_BANDWIDTH}" latency="{milliseconds(trips.link(a, b))}" '
        'sharing_policy="FATPIPE"/>'
        for a, b in pairs
    ]
    for a, b in pairs:
        lines += [
            f'    <zoneRoute src="{a}" dst="{b}" gw_src="{a}.router" gw_dst="{b}.router">',
            f'      <link_ctn id="{a}~{b}"/>',
            "    </zoneRoute>",
        ]
    lines += ["  </zone>", "</platform>", ""]
    return "\n".join(lines)


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("table", type=Path, help="CSV file of round-trip times in milliseconds")
    parser.add_argument("-r", "--regions", help="only these regions, in this order, separated by commas")
    parser.add_argument("-n", "--hosts", type=positive, default=10, help="hosts in each region (10)")
    parser.add_argument("-b", "--bandwidth", default="1Gbps", help="of a host's access link (1Gbps)")
    options = parser.parse_args()
    try:
        trips = RoundTrips(options.table)
        regions = options.regions.split(",") if options.regions else trips.regions
        for region in regions:
            if region not in trips.regions:
                raise TableError(f"{options.table}: no region «{region}»; it has {', '.join(trips.regions)}")
        if len(set(regions)) != len(regions):
            raise TableError("a region occurs twice in the list of regions")
        sys.stdout.write(platform(trips, regions, options))
    except (TableError, OSError) as error:
        print(f"make_wan_platform: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The Makefile: its help, and that its list of Debian packages is complete."""

import re
import shutil
import subprocess
import unittest

from support import PROJECT

INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout


def make(*arguments):
    return run("make", "--no-print-directory", *arguments, cwd=PROJECT)


class Help(unittest.TestCase):
    def test_lists_the_targets(self):
        for text in (make(), make("help")):
            targets = dict(re.findall(r"^  make ([a-z-]+) +(.+)$", text, re.MULTILINE))
            for target in ("help", "build", "run", "test", "clean"):
                self.assertIn(target, targets)


class Packages(unittest.TestCase):
    """A header of a package that `make` does not install breaks the build on a fresh machine only."""

    def setUp(self):
        self.listed = re.search(r"^PACKAGES := (.*)$", make("--print-data-base", "--dry-run", "help"),
                                re.MULTILINE)[1].split()
        self.assertIn("libsimgrid-dev", self.listed)

    def test_have_every_header(self):
        if not shutil.which("dpkg-query") or not shutil.which("g++"):
            return  # not Debian: nothing that could be compared
        files = headers_read()
        owners = packages_of(files)
        self.assertLessEqual({"libsimgrid-dev", "libfmt-dev"}, owners)
        self.assertEqual(set(), owners - with_dependencies(self.listed), "PACKAGES in the Makefile lacks these")

    def test_have_the_tests_own_interpreter(self):
        self.assertIn("python3", self.listed)


def headers_read():
    """Every header outside the project that the compiler reads, those that other headers include among them."""
    sources = [path for folder in ("src", "tests") for path in (PROJECT / folder).rglob("*.[ch]pp")]
    named = sorted({header for path in sources for header in INCLUDE.findall(path.read_text())})
    flags = run("pkg-config", "--cflags", "simgrid", "eigen3", "fmt").split()
    everything = "".join(f"#include <{name}>\n" for name in named)
    rule = run("g++", "-std=c++20", *flags, "-M", "-x", "c++", "-", input=everything)
    return [word for word in rule.split() if word.startswith("/") and not word.startswith(str(PROJECT))]


def packages_of(files):
    """The Debian packages that have brought these files; what somebody has installed by hand is of none."""
    found = subprocess.run(["dpkg", "--search", *files], capture_output=True, text=True).stdout
    return {line.split(":")[0] for line in found.splitlines()}


def with_dependencies(packages):
    """These packages and all that are installed with them."""
    needs = {}
    for line in run("dpkg-query", "--show", "--showformat", "${Package}\t${Depends}, ${Pre-Depends}\n").splitlines():
        name, written = line.split("\t")
        needs[name] = set(re.findall(r"(?:^|[,|])\s*([a-z0-9.+-]+)", written))
    closed, waiting = set(), list(packages)
    while waiting:
        name = waiting.pop()
        if name not in closed:
            closed.add(name)
            waiting.extend(needs.get(name, ()))
    return closed


if __name__ == "__main__":
    unittest.main()

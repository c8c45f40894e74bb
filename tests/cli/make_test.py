"""The Makefile: its help, and that its list of Debian packages is complete."""

import pathlib
import re
import shutil
import subprocess
import unittest

from support import PROJECT

INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)


def make(*arguments):
    return subprocess.run(["make", "--no-print-directory", *arguments], cwd=PROJECT, capture_output=True, text=True,
                          check=True).stdout


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
        headers = included_headers()
        self.assertIn("simgrid/s4u.hpp", headers)
        owners = packages_of(where_found(headers))
        self.assertIn("libfmt-dev", owners.values())
        installed = with_dependencies(self.listed)
        missing = {f"<{header}> is of {package}" for header, package in owners.items() if package not in installed}
        self.assertEqual(set(), missing, "PACKAGES in the Makefile lacks these")

    def test_have_the_tests_own_interpreter(self):
        self.assertIn("python3", self.listed)


def included_headers():
    """Every <header> that a source file names."""
    sources = [path for folder in ("src", "tests") for path in (PROJECT / folder).rglob("*.[ch]pp")]
    return sorted({header for path in sources for header in INCLUDE.findall(path.read_text())})


def where_found(headers):
    """The file of each header: the compiler's folders, searched in its order."""
    flags = run("pkg-config", "--cflags", "simgrid", "eigen3", "fmt").split()
    verbose = subprocess.run(["g++", *flags, "-E", "-v", "-x", "c++", "/dev/null"], capture_output=True, text=True,
                             check=True).stderr
    folders = verbose.split("search starts here:\n")[-1].split("End of search list.")[0].split()
    files = {}
    for header in headers:
        places = [pathlib.Path(folder) / header for folder in folders]
        files[header] = next((str(place.resolve()) for place in places if place.exists()), None)
    return files


def packages_of(files):
    """The Debian package of each header; None for one that is not there or that no package has brought."""
    found = subprocess.run(["dpkg", "--search", *filter(None, files.values())], capture_output=True, text=True).stdout
    owners = dict(reversed(line.split(": ", 1)) for line in found.splitlines())  # "libfmt-dev:amd64: /usr/include/…"
    return {header: owners.get(file, "").split(":")[0] or None for header, file in files.items()}


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


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    unittest.main()

"""Every checker of the program must be named by the card of a mutant, or nobody knows that it can fail.

coverage_test.py PROGRAM CHECKER…
"""

import subprocess
import sys

program, *killers = sys.argv[1:]
listing = subprocess.run([program, "list", "checker"], capture_output=True, text=True, check=True).stdout
checkers = {line.split()[1] for line in listing.splitlines() if line.startswith("checker ")}
assert checkers, f"no checkers in the listing:\n{listing}"
idle = checkers - set(killers)
assert not idle, f"no mutant in tests/mutants is killed by: {', '.join(sorted(idle))}"
assert not set(killers) - checkers, f"cards name unknown checkers: {', '.join(sorted(set(killers) - checkers))}"

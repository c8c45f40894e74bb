"""A mutant must fail the check that its card names, and the unmutated program must pass the same scenario.

mutant_test.py MUTANT UNMUTATED SCENARIO CHECKER
"""

import json
import subprocess
import sys
import tempfile

TIME_LIMIT_S = 120


def run(program, scenario):
    """The exit code, the failed checks, and whether any honest agent decided or delivered anything."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", scenario, "--json", "--no-trace", "--out", folder + "/run"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S)
    if result.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {result.returncode}:\n{result.stderr}")
    report = json.loads(result.stdout)
    for check in report["checks"]:
        print(f"  {check['name']}: {check['verdict']}: {check['detail']}")
    failed = [check["name"] for check in report["checks"] if check["verdict"] == "fail"]
    outcome = report["outcome"]
    decided = any(each["participants"] for each in outcome.get("consensus", {}).get("rounds", []))
    decided = decided or outcome.get("broadcast", {}).get("deliveries", 0) > 0
    decided = decided or outcome.get("delivery", {}).get("delivered", 0) > 0
    decided = decided or outcome.get("auction", {}).get("done", 0) > 0
    decided = decided or outcome.get("bundles", {}).get("taken", 0) > 0
    decided = decided or any(job["accepted"] for job in outcome.get("hierarchy", {}).get("jobs", []))
    return result.returncode, failed, decided


def main(mutant, unmutated, scenario, checker):
    print(f"unmutated on {scenario}:")
    code, failed, decided = run(unmutated, scenario)
    assert (code, failed) == (0, []), "the unmutated program fails this scenario, so it convicts nobody"
    assert decided, "the unmutated program decides nothing here, so that its checks say nothing"
    print(f"{mutant} on {scenario}:")
    code, failed, _ = run(mutant, scenario)
    assert code == 1 and checker in failed, f"the mutant should fail {checker}"


main(*sys.argv[1:])

"""The command: write what is generated, or only say what differs; and in either case what does not hold."""

from __future__ import annotations

import argparse
import sys

# The one place in this room that knows the edge, whose limits and close codes are a part of the contract.
from api.contract import whole_contract
from domain.kit import clock


def main() -> int:
    arguments = _arguments()
    contract = whole_contract()
    today = clock.today()
    findings = contract.findings(today)
    for finding in findings:
        print(finding, file=sys.stderr)
    if arguments.release and findings:
        print("Nothing was released.", file=sys.stderr)
        return 1
    if arguments.release:
        contract.release(arguments.release, today)
        contract = whole_contract()
    differing = contract.differing() if arguments.check else contract.write()
    for name in differing:
        print(f"{'Differs' if arguments.check else 'Wrote'}: frontend-contract/{name}")
    return 1 if findings or (arguments.check and differing) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m schema.contract", description="Write frontend-contract/ anew.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when something differs")
    parser.add_argument("--release", metavar="VERSION", help="count changes from here on, as the version that is named")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

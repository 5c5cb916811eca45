"""`python -m tests.trust`: write ``deploy/trust.md`` from what was kept."""

from __future__ import annotations

from tests.trust.page import PAGE, page


def main() -> None:
    PAGE.write_text(page())
    print(f"Wrote {PAGE.name}")


if __name__ == "__main__":
    main()

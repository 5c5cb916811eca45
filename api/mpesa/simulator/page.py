"""The page that a person sees who opens the simulator's address."""

from __future__ import annotations

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.mpesa.simulator.book import Payment
from api.mpesa.simulator.fates import IN_ORDER, PHONE_OF_MISBEHAVIOUR, PHONE_OF_RESULTS, RESULTS
from api.mpesa.simulator.life import Life
from domain.payments.rules.phones import mask

SHOWN: Final = 50
NOTHING_FROM_ELSEWHERE: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;vertical-align:top}"
    "tr{border-bottom:1px solid #ddd}code{background:#f2f2f2;padding:0 .2rem}"
)
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>M-Pesa simulator</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head><body>
<h1>M-Pesa simulator</h1>
<p>This is no M-Pesa. It speaks the protocol of Safaricom's Daraja, moves nobody's money and forgets everything when it
stops. Its seed is <code>{seed}</code>: with the same seed the same payments end in the same way.</p>
<p>{begun} payments were begun, {outstanding} things are still going to happen.
<a href="/simulator/payments">The truth</a>, <a href="/simulator/counts">counted</a>, and the
<a href="/simulator/statement.csv">statement</a> as an organisation or as a
<a href="/simulator/statement.csv?layout=customer">customer</a> exports it.</p>
<h2>Recent payments</h2>
<table><thead><tr><th>Reference</th><th>From</th><th>Asked</th><th>Paid</th><th>State</th><th>Receipt</th><th>On its way</th>
</tr></thead><tbody>{payments}</tbody></table>
<h2>Telephones to try</h2>
<p>Any other number pays, or goes wrong as often as the seed says.</p>
<table><thead><tr><th>Telephone</th><th>What happens</th></tr></thead><tbody>{telephones}</tbody></table>
</body></html>
"""


class Page:
    """Plain HTML that loads nothing from elsewhere."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def show(self, request: Request) -> Response:
        book = self._life.book
        payments = "".join(_row(*_cells(payment)) for payment in book.newest(SHOWN))
        page = _PAGE.format(
            style=_STYLE,
            seed=escape(self._life.config.seed),
            begun=book.begun,
            outstanding=len(self._life.agenda),
            payments=payments or _row("Nobody has paid anything yet."),
            telephones=_telephones(),
        )
        return HTMLResponse(page, headers={"content-security-policy": NOTHING_FROM_ELSEWHERE, "cache-control": "no-store"})


def _cells(payment: Payment) -> tuple[str, ...]:
    return (
        payment.reference,
        mask(payment.phone),
        f"{payment.asked:,.2f}",
        "" if payment.paid is None else f"{payment.paid:,.2f}",
        payment.state.value,
        payment.receipt or "",
        payment.fate.misbehaviour.value,
    )


def _telephones() -> str:
    results = ((f"{PHONE_OF_RESULTS}{code:06}", f"{code}: {text}") for code, text in RESULTS.items())
    ways = ((f"{PHONE_OF_MISBEHAVIOUR}{number:06}", way.value) for number, way in enumerate(IN_ORDER, 1))
    return "".join(_row(*row) for row in (*results, *ways))


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"

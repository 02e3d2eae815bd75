"""The look of the till's pages: plain HTML, no script, and a banner that nobody can take for a real shop."""

from datetime import UTC, datetime
from html import escape as escape

from broadsheet.till.cards import CARDS

STYLE = """
*{box-sizing:border-box}
.test{margin:0}
body{margin:0;font:17px/1.5 Georgia,serif;color:#1d1d1b;background:#f4f1ea}
.test{background:#ffd24a;color:#1d1d1b;padding:.6rem 1rem;text-align:center;font:600 15px/1.4 system-ui,sans-serif}
main{max-width:38rem;margin:2rem auto;padding:0 1rem 3rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 1rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
form,section{background:#fff;border:1px solid #d9d3c5;border-radius:4px;padding:1rem 1.2rem;margin:0 0 1rem}
table{width:100%;border-collapse:collapse}
td,th{padding:.35rem 0;vertical-align:top;text-align:left;font-weight:normal}
td:last-child{text-align:right}
tr+tr td{border-top:1px solid #eee8db}
.sum td{font-weight:bold}
label{display:block;margin:.7rem 0 .2rem}
input,select{font:inherit;width:100%;padding:.5rem .6rem;border:1px solid #8a8474;border-radius:3px;background:#fff}
.pair{display:flex;gap:1rem}
.pair>*{flex:1}
button{font:600 16px/1.2 system-ui,sans-serif;padding:.7rem 1rem;border:1px solid #1d1d1b;border-radius:3px;background:#fff;
color:#1d1d1b;cursor:pointer;margin:.5rem .4rem 0 0}
button.main{background:#1d4b3e;color:#fff;border-color:#1d4b3e;width:100%}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:.4rem}
.cards button{margin:0;text-align:left;font-weight:400}
.cards b{display:block;font-variant-numeric:tabular-nums}
.bad{background:#fbe3e0;border:1px solid #a3281c;padding:.6rem .9rem;border-radius:3px;margin:0 0 1rem}
.small{font-size:.86rem;color:#57534a}
a{color:#1d4b3e}
:focus-visible{outline:3px solid #ffb000;outline-offset:2px}
code{font-size:.9em}
"""
ZERO_DECIMAL = {"jpy", "krw", "clp", "vnd"}


def page(title: str, *parts: str) -> bytes:
    text = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · test till</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<style>{STYLE}</style></head><body><p class="test" role="note">This is a test till. No money moves, no real card is taken:
use the test cards only.</p><main><h1>{escape(title)}</h1>{"".join(parts)}</main></body></html>"""
    return text.encode()


def money(amount: int, currency: str) -> str:
    whole = amount if currency in ZERO_DECIMAL else amount / 100
    return f"{whole:,.0f} {currency.upper()}" if currency in ZERO_DECIMAL else f"{whole:,.2f} {currency.upper()}"


def day(moment: int | None) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%-d %B %Y") if moment else "–"


def minute(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def bad(message: str | None) -> str:
    return f'<p class="bad" role="alert">{escape(message)}</p>' if message else ""


def rows(pairs: list[tuple[str, str]], last: tuple[str, str] | None = None) -> str:
    body = "".join(f"<tr><td>{escape(left)}</td><td>{escape(right)}</td></tr>" for left, right in pairs)
    end = f'<tr class="sum"><td>{escape(last[0])}</td><td>{escape(last[1])}</td></tr>' if last else ""
    return f"<table>{body}{end}</table>"


def text_field(name: str, label: str, value: str = "", *, kind: str = "text", more: str = "") -> str:
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" {more}>'
    )


def card_fields() -> str:
    """A card to type; none of it is kept, but for brand, last four digits and expiry."""
    number = text_field("number", "Card number", more='inputmode="numeric" autocomplete="off" placeholder="4242 4242 4242 4242"')
    expiry = text_field("expiry", "Expiry", more='placeholder="12 / 34" autocomplete="off"')
    cvc = text_field("cvc", "CVC", more='inputmode="numeric" placeholder="123" autocomplete="off"')
    return f'{number}<div class="pair"><div>{expiry}</div><div>{cvc}</div></div>'


def card_buttons() -> str:
    buttons = "".join(_card_button(number, card.told) for number, card in CARDS.items() if card.told)
    return f'<h2>Or with one of the test cards</h2><div class="cards">{buttons}</div>'


def _card_button(number: str, told: str) -> str:
    spaced = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return f'<button name="test_card" value="{number}"><b>{spaced}</b>{escape(told)}</button>'


def button(words: str, name: str = "", value: str = "", *, main: bool = False) -> str:
    named = f' name="{name}" value="{escape(value)}"' if name else ""
    return f"<button{' class=main' if main else ''}{named}>{escape(words)}</button>"


def form(*parts: str) -> str:
    return f'<form method="post">{"".join(parts)}</form>'

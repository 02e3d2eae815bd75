"""Links made whole, safe and the same: one to follow (`canonical_link`), one to compare by (`link_key`)."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urljoin, urlsplit

import idna

from broadsheet.wire.reading.bounds import MOST_IN_LINK

_PORTS = {"http": 80, "https": 443}
_IGNORED = re.compile("[\t\r\n]")  # browsers read a link without them
_REFUSED = re.compile("[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\\\\]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_TRACKING = re.compile(
    r"(utm_\w*|mtm_\w*|pk_(campaign|kwd|source|medium|content)|piwik_\w*|matomo_\w*|at_(medium|campaign|link_\w+|custom\w*|bbc_\w+|ptr_\w+)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id|epik|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi"
    r"|vero_id|vero_conv|oly_anon_id|oly_enc_id|wt_zmc|xtor|ns_(mchannel|source|campaign|linkname|fee)|cmpid|cmp|ncid|icid|smid|smtyp|sref"
    r"|guccounter|guce_referrer\w*|_ga|_gl|ftag|ref_src|ref_url|__twitter_impression|traffic_source)",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(index|default)\.(html?|php\d?|aspx?|jsp|cfm|shtml)$", re.IGNORECASE)
_AMP_HOST = re.compile(r"(?P<dashed>[a-z0-9-]+)\.cdn\.ampproject\.org")
_AMP_PATH = re.compile(r"/(?:[ciav]/)?(?P<s>s/)?(?P<rest>[^/]+\.[^/]+(?:/.*)?)")
_AMP_END = re.compile(r"(/amp/?|\.amp(?=\.html?$)|\.amp)$", re.IGNORECASE)
_AMP_BEGIN = re.compile(r"^/amp(?=/.)", re.IGNORECASE)
_VARIANTS = ("www.", "amp.", "m.", "mobile.")
_PATH, _QUERY = "/%:@!$&'()*+,;=~-._", "/%:@!$&'()*+,;=~-._?"


def canonical_link(link: str, *, base: str = "") -> str:
    """Whole, without what only counts visitors; "" where it is missing or leads anywhere but to a page on the web."""
    parts = _parts(link, base)
    if parts is None:
        return ""
    if unwrapped := _without_amp_cache(parts):
        return canonical_link(unwrapped)
    host = _host(parts)
    if not host:
        return ""
    port = f":{parts.port}" if parts.port and parts.port != _PORTS[parts.scheme] else ""
    path = quote(parts.path or "/", safe=_PATH)
    query = quote(_without_tracking(parts.query), safe=_QUERY)
    fragment = "#" + quote(parts.fragment, safe=_QUERY) if parts.fragment.startswith("!") else ""
    whole = f"{parts.scheme}://{host}{port}{path}{'?' + query if query else ''}{fragment}"
    return whole if len(whole) <= MOST_IN_LINK else ""


def link_key(link: str) -> str:
    """The same for all variants of one address: http and https, www, mobile and AMP, index pages, the order of parameters."""
    canonical = canonical_link(link)
    if not canonical:
        return ""
    parts = urlsplit(canonical)
    path = _AMP_BEGIN.sub("", _AMP_END.sub("", _INDEX.sub("/", parts.path))).rstrip("/")
    host = parts.netloc
    for variant in _VARIANTS:
        if host.startswith(variant) and "." in host[len(variant) :]:
            host = host[len(variant) :]
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _asks_for_amp(*pair))
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return host + quote(unquote_to_bytes(path), safe=_PATH) + "".join(f"?{name}={value}" for name, value in query) + fragment


def host_of(link: str) -> str:
    """Whose page it is, whatever variant of it; "" where it leads nowhere."""
    return re.split("[/?#:]", link_key(link), maxsplit=1)[0]


def is_front_page(link: str) -> bool:
    """Of a whole outlet: no piece stands there for long."""
    key = link_key(link)
    return bool(key) and not set("/?#") & set(key)


def _parts(link: str, base: str) -> SplitResult | None:
    """None where it is not to be followed."""
    said = _IGNORED.sub("", link.strip().strip("\x00\ufeff"))
    if not said or len(said) > MOST_IN_LINK or _REFUSED.search(said):
        return None
    try:
        own = urlsplit(said)
        parts = urlsplit(urljoin(base, said)) if base else own
        usable = (
            bool(own.netloc or not own.scheme)
            and parts.scheme in _PORTS
            and parts.hostname
            and not parts.username
            and parts.port != 0
        )
    except ValueError:  # a port that is no number, brackets that hold no address
        return None
    return parts if usable else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return ""
    return host if len(host) <= 253 and _HOST.fullmatch(host) else ""


def _without_tracking(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0]))


def _without_amp_cache(parts: SplitResult) -> str:
    """What a search engine's copy is a copy of; "" where it is none."""
    host, path = parts.hostname or "", parts.path
    if host in ("www.google.com", "google.com") and path.startswith("/amp/"):
        path = path.removeprefix("/amp")
    elif not _AMP_HOST.fullmatch(host):
        return ""
    match = _AMP_PATH.fullmatch(path)
    if not match:
        return ""
    scheme = "https" if match["s"] else "http"
    return f"{scheme}://{match['rest']}" + (f"?{parts.query}" if parts.query else "")


def _asks_for_amp(name: str, value: str) -> bool:
    return name.lower() == "amp" or (name.lower() == "outputtype" and value.lower() == "amp")

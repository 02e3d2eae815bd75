"""The script that stands in every page's head, since what it sets must be there before the first paint."""

from base64 import b64encode
from hashlib import sha256

EARLY = (
    "(function(d){d.classList.add('js');try{var s=localStorage;"
    "if(s.theme)d.dataset.theme=s.theme;if(s.size)d.dataset.size=s.size}catch(e){}"
    "try{var m=/(?:^|; )reader=([^;]*)/.exec(document.cookie);"
    "d.dataset.state=m?JSON.parse(decodeURIComponent(m[1])).state:'none'}catch(e){d.dataset.state='none'}"
    "})(document.documentElement)"
)


def early_hash() -> str:
    """What a Content-Security-Policy names to let this script run, and no other."""
    return "sha256-" + b64encode(sha256(EARLY.encode()).digest()).decode()

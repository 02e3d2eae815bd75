"""What stands in every page's head itself: the script whose work must be done before the first paint, and the icon."""

from base64 import b64encode
from hashlib import sha256

EARLY = (
    "(function(d){d.classList.add('js');try{var s=localStorage;"
    "if(s.theme)d.dataset.theme=s.theme;if(s.size)d.dataset.size=s.size}catch(e){}"
    "try{var m=/(?:^|; )reader=([^;]*)/.exec(document.cookie);"
    "d.dataset.state=m?JSON.parse(decodeURIComponent(m[1])).state:'none'}catch(e){d.dataset.state='none'}"
    "})(document.documentElement)"
)

ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='5' fill='#8a2b23'/>"
    "<path d='M16 5v22M7 16h18M16 5c-6 6-6 16 0 22M16 5c6 6 6 16 0 22' fill='none' stroke='#fff' stroke-width='2'/></svg>"
)


def early_hash() -> str:
    """What a Content-Security-Policy names to let this script run, and no other."""
    return "sha256-" + b64encode(sha256(EARLY.encode()).digest()).decode()

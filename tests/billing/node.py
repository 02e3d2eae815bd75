"""A full node in a process of its own, gate and Django, as a fleet has several: answers each line that it reads with one line.

`GET path<TAB>cookies` is asked of the application; `LOOK` has the gate look at the database, as it does several times a second.
It looks at no other time, so that a test knows what this node has seen.
"""

import json
import sys
from http.cookies import SimpleCookie

from broadsheet.config.wsgi import _follower, application
from tests.gate.browser import Browser

if __name__ == "__main__":
    _follower.stop()
    browser = Browser(application)
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "LOOK":
            _follower._memory.catch_up()
            print("{}", flush=True)
            continue
        path, _, cookies = rest.partition("\t")
        response = browser.get(path, cookies=cookies)
        given = {name: part.value for name, part in SimpleCookie(response["Set-Cookie"].replace(", ", "; ")).items()}
        print(json.dumps({"status": response.status, "text": response.text.strip(), "cookies": given}), flush=True)

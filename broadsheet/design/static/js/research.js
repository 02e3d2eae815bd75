// A brief as it is found. Without this the same stands on one page.
const brief = document.getElementById("brief");
let asking = null;

function ask(form) {
  const said = new URLSearchParams(new FormData(form));
  const page = `/research/?${said}`;
  const status = document.createElement("p");
  if (asking) asking.close();
  status.className = "found-said";
  status.textContent = "Looking …";
  brief.classList.add("brief-asking");
  brief.replaceChildren(status);
  brief.scrollIntoView({ block: "nearest" });
  asking = new EventSource(`/research/stream/?${said}`);
  asking.addEventListener("looked", (event) => { brief.innerHTML = event.data; });
  // What it begins with, then all of it: the same with more behind it.
  asking.addEventListener("told", (event) => {
    const looking = brief.querySelector(".brief-looking");
    looking.hidden = true;
    while (looking.nextSibling) looking.nextSibling.remove();
    looking.insertAdjacentHTML("afterend", event.data);
  });
  asking.addEventListener("finished", (event) => {
    asking.close();
    history.pushState(null, "", page);
    document.getElementById("ask").value = said.has("after") ? "" : said.get("q");
    brief.innerHTML = event.data;
  });
  // Too often, or cut off: the page itself says why.
  asking.addEventListener("error", () => { asking.close(); location.assign(page); });
}

document.addEventListener("submit", (event) => {
  if (!brief || !event.target.matches("[data-ask]")) return;
  event.preventDefault();
  ask(event.target);
});
window.addEventListener("popstate", () => location.reload());

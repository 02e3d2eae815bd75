// What differs by reader on a page that knows none. Everything works without it.
const root = document.documentElement;
const FAILED = ["grace", "failed"];

// The note that the server leaves for this script: {name, left, allowance, state, story, ends}, `forgets` of who wants no history. What is left of a month that has
// ended since (`ends`, in seconds) is the whole of the next.
function readNote() {
  const found = /(?:^|; )reader=([^;]*)/.exec(document.cookie);
  try {
    const note = found ? JSON.parse(decodeURIComponent(found[1])) : {};
    return note.ends && Date.now() >= note.ends * 1000 ? { ...note, left: note.allowance } : note;
  } catch {
    return {};
  }
}

// A page that is open to all brings no note: whoever has read only such pages for some minutes asks for theirs.
async function freshen(note) {
  if (!note.made || Math.abs(Date.now() / 1000 - note.made) < 300) return;
  await fetch("/account/note/").catch(() => {});
  showReader(readNote());
}

function showReader(note) {
  const door = document.querySelector("[data-account]");
  if (door) door.dataset.told = "";
  if (!door || !note.state || note.state === "first") return;
  const known = note.state !== "visitor";
  if (known) door.href = "/account/";
  if (note.state !== "reader" && note.state !== "visitor" || !Number.isInteger(note.left)) {
    door.textContent = FAILED.includes(note.state) ? "Payment failed: your account" : "Your account";
    return;
  }
  const articles = note.left === 1 ? "article" : "articles";
  const short = document.createElement("span");
  short.textContent = `${note.left} of ${note.allowance} free left`;
  door.replaceChildren(short);
  door.title = `${note.left} of ${note.allowance} free ${articles} left this month. ${known ? "Your account." : "Log in or register."}`;
}

// Said once: the cookie that asks for it is dropped, and the line stays at the foot of the page, and covers none of its end, until it is closed. Answers whether somebody has logged in.
function sayArrived() {
  const found = /(?:^|; )arrived=([^;]+)/.exec(document.cookie);
  if (!found) return false;
  document.cookie = "arrived=; path=/; max-age=0";
  const [words, link] = found[1] === "yes" ? ["Your address is confirmed, and you are logged in."] : decodeURIComponent(found[1]).split("|");
  sayOnce(words, "/account/group/", link);
  return found[1] === "yes";
}

function sayOnce(words, href, link) {
  const line = document.createElement("p");
  line.className = "arrived";
  line.setAttribute("role", "status");
  document.body.append(line);
  requestAnimationFrame(() => {
    const way = document.createElement("a"), close = document.createElement("button");
    Object.assign(way, { href, textContent: link });
    Object.assign(close, { className: "button button-quiet", type: "button", textContent: "Close" });
    for (const end of [way, close]) end.addEventListener("click", () => line.remove());
    line.append(words, " ", ...(link ? [way, " "] : []), close);
  });
}

// The place where a long text was left: kept on this device alone, for who wants a history, and offered when they are back. Whoever logs in may be another.
function keepPlace(note, loggedIn) {
  const known = !!note.state && note.state !== "visitor", path = location.pathname;
  const text = [...document.querySelectorAll(".article-body .prose > *")];
  const bottom = () => text.at(-1).getBoundingClientRect().bottom;
  let places;
  try {
    places = JSON.parse(localStorage.getItem("places"));
    if (places && (note.forgets || loggedIn || places.known && !known)) localStorage.removeItem("places"), places = null;
  } catch {
    return;
  }
  if (note.forgets || !text.length || document.querySelector(".wall") || bottom() - text[0].getBoundingClientRect().top < 3 * innerHeight) return;
  const left = text[places?.at[path]];
  if (left && !location.hash && scrollY < innerHeight / 2) sayOnce("You have begun this.", `#${left.id ||= "place"}`, "Continue where you were");
  addEventListener("visibilitychange", () => {
    const place = text.findLastIndex((part) => part.getBoundingClientRect().top < innerHeight / 3);
    if (document.visibilityState !== "hidden" || place < 2) return;
    try {
      const { [path]: _, ...at } = JSON.parse(localStorage.getItem("places"))?.at ?? {};
      if (bottom() > innerHeight) at[path] = place;
      localStorage.setItem("places", JSON.stringify({ known, at: Object.fromEntries(Object.entries(at).slice(-50)) }));
    } catch {
      // A browser that keeps nothing.
    }
  });
}

// While staff look as a reader, every page says so and has the way out.
function sayLooking() {
  const found = /(?:^|; )looking=([^;]+)/.exec(document.cookie);
  if (!found || document.querySelector(".looking")) return;
  const bar = document.createElement("form");
  const line = document.createElement("span");
  const stop = document.createElement("button");
  bar.className = "demo-bar looking";
  bar.method = "post";
  bar.action = "/looking/end/";
  bar.setAttribute("aria-label", "Looking as a reader");
  line.textContent = `You look as ${decodeURIComponent(found[1])}, and can change nothing. It is written down.`;
  stop.className = "button";
  stop.textContent = "Stop looking";
  bar.append(line, stop);
  document.body.prepend(bar);
}

function rememberChoices() {
  for (const name of ["theme", "size"]) {
    const kept = root.dataset[name] || "";
    for (const choice of document.querySelectorAll(`.reading input[name="${name}"]`)) {
      choice.checked = choice.value === kept;
      choice.addEventListener("change", () => choose(name, choice.value));
    }
  }
}

function choose(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
}

function closeMenus() {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// What takes seconds says so: `data-wait` is the line for the status beside its forms. Back from the next page, they can be sent again.
function sayWaiting() {
  for (const place of document.querySelectorAll("[data-wait]")) {
    const wait = (waiting) => {
      place.querySelector("[role=status]").textContent = waiting ? place.dataset.wait : "";
      for (const form of place.querySelectorAll("form")) form.setAttribute("aria-busy", waiting);
      for (const button of place.querySelectorAll("button")) button.disabled = waiting;
    };
    place.addEventListener("submit", () => wait(true));
    addEventListener("pagehide", () => wait(false));
  }
}

// Buttons that need this script are hidden until it is there. `data-copy` and `data-share` name the field that holds a link.
function handOver() {
  for (const button of document.querySelectorAll("[data-copy], [data-share]")) {
    const { copy, share } = button.dataset;
    const field = document.getElementById(copy || share);
    button.hidden = !!share && !navigator.share;
    button.addEventListener("click", async () => {
      field.select();
      try {
        if (share) return await navigator.share({ title: button.title, url: field.value });
        if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
        else document.execCommand("copy");
        button.textContent = "Copied";
      } catch {
        // It stays selected, to be copied by hand; or whoever shared has thought better of it.
      }
    });
  }
}

showReader(readNote());
freshen(readNote());
keepPlace(readNote(), sayArrived());
sayLooking();
rememberChoices();
closeMenus();
sayWaiting();
handOver();

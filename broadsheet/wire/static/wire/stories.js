// The wire's desk: keys, and what comes in while it is read. Without this each button works, and the page is as it was when it came.
const wire = document.querySelector(".wire");
const form = document.getElementById("wire-form");
const list = document.getElementById("wire-stories");
const news = wire.querySelector(".wire-news"); // of what was done here
const toldOf = wire.querySelector(".wire-told-of"); // of what others did
const freshBar = wire.querySelector(".wire-fresh");
const counted = wire.querySelector(".wire-total");
const help = document.getElementById("wire-help");
const aside = document.getElementById("wire-aside");
const scrolls = document.querySelector("main"); // and not the window
const asked = form.elements.asked.value;
const unseenAlone = new URLSearchParams(asked).has("unseen");
const EVERY = 1_000, EVERY_HIDDEN = 15_000, EVERY_IN_TROUBLE = 5_000, TOGETHER = 2_000, SAID_FOR = 12_000; // milliseconds
let change = Number(wire.dataset.change);

const stories = () => [...list.querySelectorAll(".wire-story")];
const storyOf = (number) => document.getElementById(`story-${number}`);
const here = () => list.querySelector(".wire-here");
const named = (count) => (count === 1 ? "story" : "stories");
const placeOf = (story) => Number(story.dataset.place);

// Where the editor is

/** Keeps the current story where it stands on the screen while the list changes around it. */
function steadily(alter) {
  const held = here() ?? stories().find((story) => story.getBoundingClientRect().bottom > 0);
  const before = held?.getBoundingClientRect().top;
  alter();
  if (held?.isConnected) scrolls.scrollTop += held.getBoundingClientRect().top - before;
}

function goTo(story) {
  const left = here();
  if (!story || story === left) return;
  const before = story.getBoundingClientRect().top; // the one that is left gets shorter
  if (left) leave(left);
  story.classList.add("wire-here");
  scrolls.scrollTop += story.getBoundingClientRect().top - before;
  story.tabIndex = -1;
  story.focus({ preventScroll: true });
  story.scrollIntoView({ block: "nearest" });
}

function leave(story) {
  see(story);
  story.classList.remove("wire-here");
  story.querySelector(".wire-chosen")?.classList.remove("wire-chosen");
  if (story.classList.contains("wire-gone")) steadily(() => story.remove());
}

/** The next, or where there is none the one before. */
function beside(story) {
  const all = stories();
  const spot = all.indexOf(story);
  return all[spot + 1] ?? all[spot - 1];
}

function move(by) {
  const all = stories();
  const spot = here() ? all.indexOf(here()) + by : all.findIndex((story) => story.getBoundingClientRect().top >= 0);
  if (spot >= all.length) return more();
  goTo(all[Math.max(0, spot)]);
}

function choose(by) {
  const story = here();
  const fold = story?.querySelector("details");
  if (!fold) return;
  fold.open = true;
  const pieces = [...fold.querySelectorAll(".wire-piece")];
  const chosen = fold.querySelector(".wire-chosen");
  chosen?.classList.remove("wire-chosen");
  const piece = pieces[Math.min(pieces.length - 1, Math.max(0, pieces.indexOf(chosen) + by))];
  piece.classList.add("wire-chosen");
  piece.scrollIntoView({ block: "nearest" });
}

// What was seen

const seen = new Map();

function see(story) {
  seen.set(story.dataset.story, story.dataset.items);
  story.classList.remove("wire-new");
}

function tellWhatWasSeen() {
  if (!seen.size) return;
  const said = new FormData();
  said.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const pair of seen) said.append("seen", pair.join(":"));
  seen.clear();
  navigator.sendBeacon(wire.dataset.seen, said);
}

const passing = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting, boundingClientRect } of entries) {
    if (!isIntersecting && boundingClientRect.bottom <= 0 && target.classList.contains("wire-new")) see(target);
  }
});

// What comes in

const ending = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more({ moves: false }), { rootMargin: "0px 0px 600px" });

const waiting = new Map(); // stories that are not in the list yet, by number

function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.querySelector(".wire-story");
}

function replace(old, html) {
  const story = made(html);
  if (Number(story.dataset.change) < Number(old.dataset.change)) return; // two answers crossed
  for (const box of old.querySelectorAll("input:checked")) {
    const same = story.querySelector(`input[name="${box.name}"][value="${box.value}"]`);
    if (same) same.checked = true;
  }
  if (old.querySelector("details")?.open) story.querySelector("details")?.setAttribute("open", "");
  const chosen = old.querySelector(".wire-chosen")?.dataset.item;
  if (chosen) story.querySelector(`[data-item="${chosen}"]`)?.classList.add("wire-chosen");
  const isHere = old.classList.contains("wire-here");
  old.replaceWith(story);
  passing.observe(story);
  if (isHere) {
    story.classList.add("wire-here");
    story.tabIndex = -1;
    if (document.activeElement === document.body) story.focus({ preventScroll: true });
  }
}

function insert(html) {
  const story = made(html);
  const next = stories().find((one) => placeOf(one) < placeOf(story)) ?? list.querySelector(".wire-more");
  list.insertBefore(story, next);
  passing.observe(story);
  return story;
}

/** What stands further down than this page goes comes with “More”. */
function isWithin(place) {
  const last = stories().at(-1);
  return !list.querySelector(".wire-more") || !last || place >= placeOf(last);
}

function takeOut(number, mine, why) {
  waiting.delete(number);
  const story = storyOf(number);
  if (!story) return;
  if (story !== here()) return steadily(() => story.remove());
  if (mine) {
    const next = beside(story);
    story.classList.add("wire-gone");
    return next ? goTo(next) : story.remove();
  }
  story.classList.add("wire-gone");
  story.querySelector(".wire-said").append(` · ${why || "no longer here"}`);
}

function takeIn(answer, { mine = false } = {}) {
  change = Math.max(change, answer.change);
  for (const { id, html, place, unseen } of answer.stories) {
    const old = storyOf(id);
    if (old) steadily(() => replace(old, html));
    else if (mine) steadily(() => goTo(insert(html)));
    else if (isWithin(place) && (unseen || !unseenAlone)) waiting.set(id, html);
  }
  for (const id of answer.gone) takeOut(id, mine, answer.said.at(-1));
  if (answer.said.length) {
    say(`${answer.said.join(". ")}.`, { where: toldOf });
    showPicks();
  }
  tellOfFresh();
  tellOfMarks();
  counted.textContent = `${answer.total} ${named(answer.total)}`;
}

/** Merging is offered as long as something is marked. */
const tellOfMarks = () => form.classList.toggle("wire-marking", Boolean(list.querySelector("input[name=marked]:checked")));

function tellOfFresh() {
  freshBar.hidden = !waiting.size;
  freshBar.textContent = `${waiting.size} new ${named(waiting.size)}`;
}

function putIn() {
  steadily(() => waiting.forEach((html) => insert(html)));
  waiting.clear();
  wire.querySelector(".wire-none")?.remove();
  tellOfFresh();
}

const silences = new Map();

function say(words, { isTrouble = false, where = news } = {}) {
  where.textContent = words;
  where.classList.toggle("wire-trouble", isTrouble);
  clearTimeout(silences.get(where));
  silences.set(where, setTimeout(() => (where.textContent = ""), SAID_FOR));
}

let next;
async function ask() {
  clearTimeout(next);
  let wait = document.hidden ? EVERY_HIDDEN : EVERY;
  const asking = change;
  try {
    const answer = await fetch(wire.dataset.since.replace("/0/", `/${change}/`) + `?${asked}`, { headers: { Accept: "application/json" } });
    if (answer.status === 200) {
      const told = await answer.json();
      if (asking === change) takeIn(told); // else what was done here meanwhile brought it
      if (told.more) wait = 0;
    } else if (!answer.ok) wait = EVERY_IN_TROUBLE;
  } catch {
    wait = EVERY_IN_TROUBLE;
  }
  clearTimeout(next);
  next = setTimeout(ask, wait);
}

async function more({ moves = true } = {}) {
  const link = list.querySelector(".wire-more a");
  if (!link || link.dataset.asked) return;
  link.dataset.asked = "yes";
  const answer = await fetch(`${link.href}&part=stories`).catch(() => null);
  delete link.dataset.asked;
  if (!answer?.ok || !link.isConnected) return;
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  for (const story of template.content.querySelectorAll(".wire-story")) if (storyOf(story.dataset.story)) story.remove();
  const first = template.content.querySelector(".wire-story");
  link.closest("li").replaceWith(template.content);
  stories().forEach((story) => passing.observe(story));
  watchTheEnd();
  if (moves) goTo(first);
}

/** What stands below comes by itself when the end is near. */
function watchTheEnd() {
  ending.disconnect();
  const end = list.querySelector(".wire-more");
  if (end) ending.observe(end);
}

// What the editor does

const SPENT = { merge: "input[name=marked]:checked", split: "input[name=items]:checked" }; // is marked no longer, once that is done

async function act(written, { items = [] } = {}) {
  const said = new FormData();
  for (const name of ["csrfmiddlewaretoken", "asked"]) said.set(name, form.elements[name].value);
  said.set("until", form.elements.until?.value ?? "");
  said.set("do", written);
  said.set("change", change);
  const [verb] = written.split(":");
  if (verb === "merge") for (const box of list.querySelectorAll("input[name=marked]:checked")) said.append("marked", box.value);
  for (const item of items) said.append("items", item);
  try {
    const answer = await fetch(form.action, { method: "POST", body: said, headers: { Accept: "application/json" } });
    if (!answer.ok) return say(answer.status === 403 ? "You may not do that, or are no longer logged in." : "That did not work.", { isTrouble: true });
    const told = await answer.json();
    if (told.done && SPENT[verb]) list.querySelectorAll(SPENT[verb]).forEach((box) => (box.checked = false));
    takeIn(told, { mine: told.done });
    say(told.answer, { isTrouble: !told.done });
    if (/^(pick|unpick|undo)/.test(verb)) showPicks();
  } catch {
    say("Nothing answers just now. Nothing was done.", { isTrouble: true });
  }
}

function ticked(story) {
  const boxes = [...story.querySelectorAll("input[name=items]:checked")].map((box) => box.value);
  const chosen = story.querySelector(".wire-chosen")?.dataset.item;
  return boxes.length || !chosen ? boxes : [chosen];
}

function actHere(verb) {
  const story = here();
  if (story) act(`${verb}:${story.dataset.story}`, { items: verb === "split" ? ticked(story) : [] });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const written = event.submitter?.value;
  if (!written) return;
  const story = event.submitter.closest(".wire-story");
  if (story) goTo(story);
  act(written, { items: story ? ticked(story) : [] });
});

// Today's picks

let picksAreOld = false;

async function showPicks() {
  if (!wire.dataset.aside) return;
  picksAreOld = aside.contains(document.activeElement); // a note is being written: afterwards
  if (picksAreOld) return;
  const answer = await fetch(wire.dataset.aside).catch(() => null);
  if (!answer?.ok || answer.redirected || aside.contains(document.activeElement)) return;
  aside.querySelector(".wire-aside-picks").innerHTML = await answer.text();
  aside.hidden = false;
}

aside.addEventListener("focusout", () => picksAreOld && setTimeout(() => picksAreOld && showPicks(), TOGETHER));

function writeNote() {
  const items = [...(here()?.querySelectorAll("[data-item], [data-lead]") ?? [])].map((one) => one.dataset.item ?? one.dataset.lead);
  const note = items.map((item) => aside.querySelector(`[data-item="${item}"] textarea`)).find(Boolean);
  if (!note) return say("Pick it first, then write its note.", { isTrouble: true });
  aside.querySelector("details").open = true;
  note.closest("details")?.setAttribute("open", "");
  note.focus();
}

// Keys

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  J: () => choose(1),
  K: () => choose(-1),
  o: () => (here()?.querySelector(".wire-chosen a") ?? here()?.querySelector(".wire-open"))?.click(),
  e: () => here()?.querySelector("summary")?.click(),
  p: () => actHere("pick"),
  P: () => {
    const chosen = here()?.querySelector(".wire-chosen")?.dataset.item;
    chosen ? act(`pick-item:${chosen}`) : say("Choose a headline within the story first: J and K.", { isTrouble: true });
  },
  d: () => actHere("drop"),
  l: () => actHere("later"),
  z: () => actHere("mute"),
  b: () => actHere("back"),
  m: () => actHere("merge"),
  s: () => actHere("split"),
  u: () => act("undo"),
  x: () => here()?.querySelector("input[name=marked]")?.click(),
  X: () => here()?.querySelector(".wire-chosen input")?.click(),
  i: putIn,
  n: writeNote,
  "/": () => wire.querySelector("input[type=search]").focus(),
  "?": () => (help.open ? help.close() : help.showModal()),
};
KEYS.Enter = KEYS.o;
KEYS[" "] = KEYS.e;

document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (at.matches("textarea, select, input:not([type=checkbox]), [contenteditable]")) return event.key === "Escape" ? at.blur() : undefined;
  if ((event.key === "Enter" || event.key === " ") && at.closest("a, button, summary, input")) return;
  if (help.open && event.key !== "?") return;
  if (!Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // the desk around it has keys of its own
  KEYS[event.key]();
}, { capture: true });

// The rest of the page

list.addEventListener("click", (event) => {
  const story = event.target.closest(".wire-story");
  if (event.target.closest(".wire-more a")) {
    event.preventDefault();
    more();
  } else if (story && !event.target.closest("button")) {
    goTo(story);
    if (event.target.closest("a")) see(story);
  }
});
list.addEventListener("change", tellOfMarks);
freshBar.addEventListener("click", putIn);
const filters = wire.querySelector(".wire-filters");
filters.addEventListener("change", () => filters.requestSubmit());
filters.querySelector(".wire-go").hidden = true;
const keys = wire.querySelector(".wire-keys");
keys.hidden = false;
keys.addEventListener("click", () => help.showModal());

function age(time) {
  const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60_000);
  if (minutes < 60) return `${Math.max(minutes, 1)} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
setInterval(() => list.querySelectorAll("time").forEach((time) => (time.textContent = age(time))), 60_000);

setInterval(tellWhatWasSeen, TOGETHER);
document.addEventListener("visibilitychange", () => (document.hidden ? tellWhatWasSeen() : ask()));
window.addEventListener("pagehide", tellWhatWasSeen);
stories().forEach((story) => passing.observe(story));
watchTheEnd();
aside.querySelector("details").open = matchMedia("(min-width: 75rem)").matches;
showPicks();
next = setTimeout(ask, EVERY);

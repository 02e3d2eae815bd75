// Picks: their order by dragging, how long a note is, and notes beside the stories saved as they are left. Without this every button works.

for (const said of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(said.dataset.counts);
  const rest = said.textContent.replace(/^\d+ characters/, "");
  const count = () => {
    const typed = [...field.value].length;
    said.textContent = `${typed} characters${rest}`;
    said.classList.toggle("picks-over", typed > Number(said.dataset.most));
  };
  field?.addEventListener("input", count);
}

// By dragging: the hidden fields of the form go along, and saving writes their order.
const list = document.querySelector(".picks-list");
let dragged = null;
for (const pick of list?.children ?? []) {
  const grip = document.createElement("button");
  grip.type = "button";
  grip.className = "button button-small button-secondary picks-grip";
  grip.textContent = "⠿";
  grip.setAttribute("aria-label", "Drag, or press the arrow keys");
  pick.querySelector(".picks-buttons").prepend(grip);
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // selects no text
    grip.focus();
    dragged = pick;
  });
  grip.addEventListener("keydown", (event) => {
    const beside = event.key === "ArrowUp" ? pick.previousElementSibling : event.key === "ArrowDown" ? pick.nextElementSibling : null;
    if (!beside) return;
    event.preventDefault();
    beside[event.key === "ArrowUp" ? "before" : "after"](pick);
    grip.focus();
    changed();
  });
}

// The page is listened to, since what is moved loses the pointer.
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest(".picks-pick");
  if (!over || over === dragged || over.parentElement !== list) return;
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    if (dragged) changed();
    dragged = null;
  });
}

// The desk asks before a page with unsaved changes is left.
function changed() {
  list.closest("form").dispatchEvent(new Event("change", { bubbles: true }));
}

// After a button the page comes back where it was.
const PLACE = `picks-place:${location.pathname}`;
const form = document.getElementById("picks-form");
const scrolls = document.querySelector("main"); // and not the window
if (form) {
  const kept = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (kept && !document.querySelector(".messages .warning, .messages .error")) scrolls.scrollTop = Number(kept);
  form.addEventListener("submit", (event) => {
    sessionStorage.setItem(PLACE, String(scrolls.scrollTop));
    tellOfWork(event.submitter);
  });
  window.addEventListener("pageshow", () => form.querySelectorAll("[aria-busy]").forEach(rest)); // come back to
}

/** Publishing takes a moment: its button says so, and is not pressed twice. */
function tellOfWork(button) {
  if (!button?.dataset.busy) return;
  button.dataset.said = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-busy", "true");
  setTimeout(() => (button.disabled = true)); // once it was sent
}

function rest(button) {
  button.textContent = button.dataset.said;
  button.removeAttribute("aria-busy");
  setTimeout(() => (button.disabled = false));
}

// Beside the stories: what a button did is shown in its place, and a note is saved as soon as it is left.
const beside = document.getElementById("wire-aside");
async function send(aside, pressed) {
  const sent = new FormData(aside);
  sent.set("do", pressed);
  const open = [...aside.querySelectorAll("details[open]")].map((one) => one.closest("li").dataset.pick);
  const answer = await fetch(aside.action, { method: "POST", body: sent, headers: { "X-Fragment": "picks" } }).catch(() => null);
  if (!answer || (!answer.ok && answer.status !== 409)) return; // the form stays as it is, with all that was typed
  const frame = aside.parentElement;
  const fresh = document.createElement("div");
  fresh.innerHTML = await answer.text();
  if (answer.ok && document.activeElement?.matches("textarea") && frame.contains(document.activeElement)) {
    // The next note is being written: only what was shown is told anew.
    for (const one of fresh.querySelectorAll("input[type=hidden]")) {
      const here = aside.querySelector(`input[type=hidden][name="${CSS.escape(one.name)}"]`);
      if (here) here.value = one.value;
    }
    return;
  }
  frame.replaceChildren(...fresh.childNodes);
  for (const number of open) frame.querySelector(`[data-pick="${CSS.escape(number)}"] details`)?.setAttribute("open", "");
  frame.dispatchEvent(new CustomEvent("wire:picks", { bubbles: true }));
}
beside?.addEventListener("submit", (event) => {
  event.preventDefault();
  tellOfWork(event.submitter);
  send(event.target, event.submitter?.value ?? "save").finally(() => event.submitter?.ariaBusy && rest(event.submitter));
});
beside?.addEventListener("change", (event) => {
  const aside = event.target.closest("form");
  if (aside && event.target.matches("textarea")) setTimeout(() => send(aside, "save")); // a button that was pressed goes first
});

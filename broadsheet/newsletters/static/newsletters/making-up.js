// The page of an edition, while it is made up. Without this each button works, and the page counts when it is saved.

// How many characters a line has, while it is typed.
for (const said of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(said.dataset.counts);
  const rest = said.textContent.replace(/^\d+ characters/, "");
  field?.addEventListener("input", () => {
    const typed = [...field.value].length;
    said.textContent = `${typed} characters${rest}`;
    said.classList.toggle("edition-over", typed > Number(said.dataset.most));
  });
}

// After a button the page comes back where it was, with that button at hand: an item is moved on by pressing it again.
// What the page has to say stands at its head, so then it begins there.
const PLACE = `edition-place:${location.pathname}`;
const form = document.getElementById("edition-form");
const scrolls = document.querySelector("main"); // and not the window
const kept = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (kept && !location.hash && !document.querySelector(".messages li")) {
  const { top, pressed } = JSON.parse(kept);
  const other = pressed.replace(/^(up|down):/, (said) => (said === "up:" ? "down:" : "up:")); // at an end only the other way goes on
  for (const value of [other, pressed]) {
    form?.querySelector(`button[value="${CSS.escape(value)}"]:not([disabled], [tabindex])`)?.focus({ preventScroll: true });
  }
  scrolls.scrollTop = top;
}
form?.addEventListener("submit", (event) => {
  sessionStorage.setItem(PLACE, JSON.stringify({ top: scrolls.scrollTop, pressed: event.submitter?.value ?? "" }));
});

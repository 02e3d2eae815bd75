// Turns a long list of choices into a field that one types in; the list itself stays the form's value.
function begin() {
  document.querySelectorAll("select[multiple][data-choose-many]").forEach(chooseMany);
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();

function chooseMany(list) {
  const names = new Map([...list.options].map((option) => [option.text.toLowerCase(), option]));
  // What is typed in full, or begins or holds what was typed, if it is the only one.
  const meant = (typed) => {
    const rest = [...names].filter(([, option]) => !option.selected);
    const among = (fits) => rest.filter(([name]) => fits(name));
    const found = [among((name) => name.startsWith(typed)), among((name) => name.includes(typed))].find((some) => some.length);
    return names.get(typed) ?? (found?.length === 1 ? found[0][1] : undefined);
  };
  const box = document.createElement("div");
  const chosen = document.createElement("ul");
  const field = document.createElement("input");
  const offers = document.createElement("datalist");
  const note = document.createElement("p");
  box.className = "choose-many";
  offers.id = `${list.id}-offers`;
  field.setAttribute("list", offers.id);
  field.setAttribute("aria-label", "Add: type a name");
  field.placeholder = "Type a name";
  offers.append(...[...list.options].map((option) => new Option(option.text)));
  note.className = "error-message";
  note.setAttribute("role", "alert");
  note.hidden = true;
  box.append(chosen, field, offers, note);
  list.hidden = true;
  list.after(box);

  const show = () => chosen.replaceChildren(...[...list.selectedOptions].map(entry));
  const entry = (option) => {
    const item = document.createElement("li");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.textContent = "×";
    drop.setAttribute("aria-label", `Remove ${option.text}`);
    drop.onclick = () => choose(option, false);
    item.append(option.text, drop);
    return item;
  };
  const choose = (option, yes) => {
    option.selected = yes;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  };
  const typed = () => field.value.trim().toLowerCase();
  const take = (option) => {
    if (option) {
      choose(option, true);
      field.value = "";
    }
    tell(false);
  };
  // What was typed and is no name goes to the form under a name of its own, so that it is refused rather than lost.
  const tell = (wrong) => {
    field.name = wrong ? `${list.name}-typed` : "";
    note.hidden = !wrong;
    note.textContent = wrong ? `“${field.value.trim()}” is not one of the names: choose one that is offered.` : "";
  };
  const settle = () => {
    take(typed() && meant(typed()));
    tell(typed() !== "");
  };
  field.addEventListener("input", () => take(names.get(typed())));
  field.addEventListener("change", settle);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    settle();
  });
  show();
}

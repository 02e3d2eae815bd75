// Turns a long list of choices into a field that one types in; the list itself stays the form's value.
function begin() {
  document.querySelectorAll("select[multiple][data-choose-many]").forEach(chooseMany);
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();

function chooseMany(list) {
  const names = new Map([...list.options].map((option) => [option.text.toLowerCase(), option]));
  const box = document.createElement("div");
  const chosen = document.createElement("ul");
  const field = document.createElement("input");
  const offers = document.createElement("datalist");
  box.className = "choose-many";
  offers.id = `${list.id}-offers`;
  field.setAttribute("list", offers.id);
  field.setAttribute("aria-label", "Add: type a name");
  field.placeholder = "Type a name";
  offers.append(...[...list.options].map((option) => new Option(option.text)));
  box.append(chosen, field, offers);
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
  const take = () => {
    const option = names.get(field.value.trim().toLowerCase());
    if (!option) return;
    choose(option, true);
    field.value = "";
  };
  field.addEventListener("input", take);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
  show();
}

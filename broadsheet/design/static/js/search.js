// Suggestions while typing, as a combobox. Everything works without it.
const field = document.querySelector("[data-suggest]");
const WAITS = 120;

function suggestions(input) {
  const list = document.createElement("ul");
  let waiting = 0, asking = null, ways = [], at = -1;
  Object.assign(list, { id: "suggestions", className: "suggestions", hidden: true, role: "listbox" });
  list.setAttribute("aria-label", "Suggestions");
  input.after(list);
  const said = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(said)) input.setAttribute(name, value);

  function show(found) {
    ways = found;
    choose(-1);
    list.replaceChildren(...found.map((one, number) => {
      const option = document.createElement("li"), kind = document.createElement("span");
      Object.assign(option, { id: `suggestion-${number}`, role: "option" });
      kind.textContent = one.kind;
      option.append(one.text, " ", kind);
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => location.assign(one.path));
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function choose(number) {
    at = number;
    for (const [one, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(one === at));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `suggestion-${at}`);
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    show([]);
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(input.value)}`, { signal: asking.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch {
      // Another letter came, or the line is down: no suggestions.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    if (input.value.trim().length < 2) close();
    else waiting = setTimeout(ask, WAITS);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && ways.length) {
      event.preventDefault();
      choose(((at + 1 + step + ways.length + 1) % (ways.length + 1)) - 1);
    } else if (step && input.value.trim().length > 1) {
      event.preventDefault();
      ask();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      location.assign(ways[at].path);
    } else if (event.key === "Escape" && ways.length) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);
}

if (field) suggestions(field);

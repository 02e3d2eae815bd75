// One tick for all that stand on the page; the form works without it.
const all = document.querySelector("[data-tick-all]");
const ticks = [...document.querySelectorAll("input[name=source]")];
if (all) {
  const show = () => {
    const ticked = ticks.filter((tick) => tick.checked).length;
    all.checked = ticked > 0 && ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => ticks.forEach((tick) => (tick.checked = all.checked)));
  ticks.forEach((tick) => tick.addEventListener("change", show));
  show();
}

// How many signs a line has, while it is typed. Without this the page counts when it is saved.
for (const said of document.querySelectorAll("[data-counts]")) {
  const field = document.getElementById(said.dataset.counts);
  const rest = said.textContent.replace(/^\d+ signs/, "");
  field?.addEventListener("input", () => {
    const signs = [...field.value].length;
    said.textContent = `${signs} signs${rest}`;
    said.classList.toggle("edition-over", signs > Number(said.dataset.most));
  });
}

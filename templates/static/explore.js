// Puts in the region's current headlines, as many as move nothing in view.
const rail = document.querySelector("[data-fragment]");
const answer = rail && (await fetch(rail.dataset.fragment).catch(() => null));
if (answer?.ok) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const others = (li) => li.querySelector("a").pathname !== location.pathname;
  for (const label of page.querySelectorAll("[data-label]")) {
    const word = rail.dataset[label.dataset.label];
    if (word) label.textContent = word;
  }
  const list = rail.querySelector("ol");
  const old = [...list.children];
  const { height, bottom } = list.getBoundingClientRect();
  list.style.minHeight = height + "px";
  list.replaceChildren(...[...page.querySelectorAll("li")].filter(others).slice(0, rail.dataset.limit));
  while (bottom < innerHeight && list.offsetHeight > height + 1) list.lastChild.remove();
  if (!list.firstChild) list.replaceChildren(...old);
}

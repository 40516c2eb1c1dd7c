// Puts in the region's current headlines, labelled in the page's words. Nothing moves; if anything fails it stays.
const rail = document.querySelector("[data-fragment]");
if (rail) {
  fetch(rail.dataset.fragment)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      const all = [...page.querySelectorAll("li")];
      const items = all.filter((li) => li.querySelector("a").pathname !== location.pathname);
      if (items.length > rail.dataset.limit) items.pop();
      if (!items.length) return;
      for (const label of page.querySelectorAll("[data-label]")) {
        const word = rail.dataset[label.dataset.label];
        if (word) label.textContent = word;
        if (word) label.removeAttribute("lang");
      }
      const list = rail.querySelector("ol");
      list.style.minHeight = list.offsetHeight + "px";
      list.replaceChildren(...items);
    })
    .catch(() => {});
}

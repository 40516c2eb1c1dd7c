// Puts in the region's current headlines, labelled in the page's words. The list never gets shorter, so nothing
// moves; if anything fails it stays.
const rail = document.querySelector("[data-fragment]");
if (rail) {
  fetch(rail.dataset.fragment)
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      const items = [...page.querySelectorAll("li")].filter((li) => {
        const link = li.querySelector("a");
        return link && link.pathname !== location.pathname;
      });
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

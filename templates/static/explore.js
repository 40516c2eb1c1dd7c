// Puts the region's current headlines in place of those that the page was made with.
// The list never gets shorter, so nothing below it moves; if anything fails the reader keeps the list as it is.
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
      const list = rail.querySelector("ol");
      list.style.minHeight = list.offsetHeight + "px";
      list.replaceChildren(...items);
    })
    .catch(() => {});
}

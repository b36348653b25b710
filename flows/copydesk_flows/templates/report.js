"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const filter = document.getElementById("filter");
  const found = document.getElementById("found");
  const rows = all("tbody tr").map((row) => [row, row.textContent.toLowerCase()]);
  document.getElementById("controls").hidden = false;
  const narrow = () => {
    const wanted = filter.value.trim().toLowerCase();
    let count = 0;
    for (const [row, text] of rows) {
      row.hidden = !text.includes(wanted);
      count += row.hidden ? 0 : 1;
    }
    found.textContent = wanted ? `${count} of ${rows.length} rows` : "";
  };
  filter.addEventListener("input", narrow);
  const value = (row, place) => {
    const cell = row.cells[place];
    if (cell.dataset.key === undefined) return cell.textContent;
    return cell.dataset.key === "" ? -Infinity : Number(cell.dataset.key);
  };
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b || 0 : String(a).localeCompare(String(b)));
  const sort = (head) => {
    const table = head.closest("table");
    const place = head.cellIndex;
    const up = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "descending" : !head.classList.contains("n");
    for (const each of all("th", table)) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const sorted = [...table.tBodies[0].rows].sort((a, b) => (up ? 1 : -1) * order(value(a, place), value(b, place)));
    table.tBodies[0].append(...sorted);
  };
  for (const head of all("thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head));
    head.replaceChildren(button);
  }
  const sections = all("main section");
  let at = -1;
  const go = (step) => {
    at = Math.min(Math.max(at + step, 0), sections.length - 1);
    sections[at].scrollIntoView();
    sections[at].tabIndex = -1;
    sections[at].focus({ preventScroll: true });
  };
  const queries = () => {
    const found = all("main details");
    const open = !found.some((each) => each.open);
    for (const each of found) each.open = open;
  };
  const keys = { "/": () => filter.focus(), j: () => go(1), k: () => go(-1), q: queries };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === filter) {
      filter.value = "";
      narrow();
      filter.blur();
      event.preventDefault();
    }
    if (event.target === filter || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!document.getElementById("keys").checked || !Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
  addEventListener("beforeprint", () => { for (const each of all("details")) each.open = true; });
})();

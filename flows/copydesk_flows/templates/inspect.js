"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const controls = document.getElementById("controls");
  if (controls) controls.hidden = false;
  const master = document.getElementById("all");
  const boxes = all("#reasons input[value]");
  const apply = () => {
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    for (const item of all("[data-reason]")) item.hidden = !shown.has(item.dataset.reason);
    if (master) {
      master.checked = shown.size === boxes.length;
      master.indeterminate = shown.size > 0 && shown.size < boxes.length;
    }
  };
  const setAll = (on) => { for (const box of boxes) box.checked = on; apply(); };
  for (const box of boxes) box.addEventListener("change", apply);
  if (master) master.addEventListener("change", () => setAll(master.checked));
  const places = { removal: -1, quote: -1 };
  const go = (kind, items, step) => {
    if (!items.length) return;
    places[kind] = (places[kind] + step + items.length + (places[kind] < 0 && step < 0 ? 1 : 0)) % items.length;
    const item = items[places[kind]];
    item.scrollIntoView({ block: "center" });
    item.focus({ preventScroll: true });
  };
  const to = (id) => { const place = document.getElementById(id); place.scrollIntoView(); place.focus({ preventScroll: true }); };
  const removals = () => all(".removal:not([hidden])");
  const keys = {
    j: () => go("removal", removals(), 1), k: () => go("removal", removals(), -1),
    n: () => go("quote", all("main a.num"), 1), p: () => go("quote", all("main a.num"), -1),
    r: () => setAll(!boxes.some((box) => box.checked)), m: () => to("facts"), t: () => to("text"),
  };
  document.addEventListener("keydown", (event) => {
    const on = document.getElementById("keys");
    if (!on || !on.checked || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
  addEventListener("beforeprint", () => { for (const each of all("details")) each.open = true; });
})();

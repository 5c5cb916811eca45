"use strict";
// Rows that have all the words that are looked for stay; without scripts all of them do.
const rows = [...document.querySelectorAll(".table tbody")].map((row) => ({
  row,
  cells: [...row.rows[0].cells],
  table: row.closest(".table"),
  text: row.rows[0].textContent.toLowerCase(),
}));
const tables = [...document.querySelectorAll(".table")];
const form = document.getElementById("search");
const words = document.getElementById("words");
const found = document.getElementById("found");

const wordsOf = (cell) => cell.textContent.split(",").map((word) => word.trim());

function show() {
  const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const counts = new Map();
  let shown = 0;
  for (const { row, cells, table, text } of rows) {
    const chooser = table.querySelector("select");
    const stays = asked.every((word) => text.includes(word))
      && (!chooser?.value || wordsOf(cells[Number(chooser.dataset.column)]).includes(chooser.value));
    row.hidden = !stays;
    if (stays) {
      shown += 1;
      counts.set(table, (counts.get(table) ?? 0) + 1);
    }
  }
  for (const table of tables) table.hidden = asked.length > 0 && !counts.has(table);
  for (const badge of document.querySelectorAll(".count")) {
    const own = tables.filter((table) => table.dataset.chapter === badge.dataset.of);
    badge.textContent = own.length ? own.reduce((sum, table) => sum + (counts.get(table) ?? 0), 0) : "";
  }
  const narrowed = asked.length > 0 || [...document.querySelectorAll("select")].some((each) => each.value);
  found.textContent = narrowed ? `${shown} of ${rows.length} rows` : "";
}

let waiting;
words.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 120);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
for (const chooser of document.querySelectorAll("select")) chooser.addEventListener("change", show);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input, select, textarea")) {
    event.preventDefault();
    words.focus();
  }
});
// Whoever follows a link to a row that is filtered away wants to see it.
addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.hidden) {
    words.value = "";
    for (const chooser of document.querySelectorAll("select")) chooser.value = "";
    show();
    target.scrollIntoView();
  }
});
form.hidden = false;
for (const choose of document.querySelectorAll(".choose")) choose.hidden = false;
show();

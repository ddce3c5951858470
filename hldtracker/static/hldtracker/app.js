// Sugar only: every page is whole without it.
"use strict";

// After a refused form or a finished step the reader, and the screen reader, start there.
document.querySelector("[data-focus]")?.focus();

// The matrix is one stop of the Tab key: the arrows go from cell to cell, over the blank ones;
// Home and End along the row, with Ctrl to the corners.
for (const table of document.querySelectorAll(".matrix")) {
  const lines = [...table.rows].map((row) => {
    let column = 0;
    return [...row.cells].flatMap((cell) => {
      const [from, to] = [column, (column += cell.colSpan)];
      return [...cell.querySelectorAll("a, input")].map((stop) => ({ stop, from, to }));
    });
  });
  const stops = lines.flat();
  const at = (stop) => stops.find((one) => one.stop === stop);
  const first = stops.find(({ stop }) => stop.className.startsWith("cell")) ?? stops[0];
  const beside = (line, here, step) => line[line.indexOf(here) + step];
  // Above or below: the nearest line with something in the column.
  const along = (here, step) => {
    for (let y = lines.findIndex((line) => line.includes(here)) + step; lines[y]; y += step) {
      const found = lines[y].find(({ from, to }) => from < here.to && to > here.from);
      if (found) return found;
    }
  };
  const go = (here, { key, ctrlKey }) => {
    const line = ctrlKey ? stops : lines.find((one) => one.includes(here));
    const ahead = getComputedStyle(table).direction === "rtl" ? -1 : 1;
    return {
      ArrowRight: () => beside(line, here, ahead),
      ArrowLeft: () => beside(line, here, -ahead),
      ArrowUp: () => along(here, -1),
      ArrowDown: () => along(here, 1),
      Home: () => line[0],
      End: () => line.at(-1),
    }[key]?.();
  };
  const enter = ({ stop }) => {
    for (const one of stops) one.stop.tabIndex = one.stop === stop ? 0 : -1;
  };
  if (first) enter(first);
  table.addEventListener("focusin", ({ target }) => at(target) && enter(at(target)));
  table.addEventListener("keydown", (event) => {
    const here = at(event.target);
    const there = here && !event.altKey && !event.metaKey && go(here, event);
    if (!there) return;
    event.preventDefault();
    there.stop.focus();
  });
}
for (const words of document.querySelectorAll("[data-with-script]")) words.hidden = false;

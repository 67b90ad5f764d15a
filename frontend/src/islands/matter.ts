/** Pages of the matter editor: their styles, and arrow keys between the cells of a decision table. */
import "../styles/matter.css";

/** The cell one row up or down in the same column. */
function neighbour(cell: HTMLTableCellElement, step: 1 | -1): HTMLInputElement | null {
  const row = cell.parentElement as HTMLTableRowElement;
  const next = (step === 1 ? row.nextElementSibling : row.previousElementSibling) as HTMLTableRowElement | null;
  return next?.cells[cell.cellIndex]?.querySelector("input") ?? null;
}

document.addEventListener("keydown", (event) => {
  if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || !(event.target instanceof HTMLInputElement)) return;
  const cell = event.target.closest<HTMLTableCellElement>(".matter-cells td");
  const next = cell && neighbour(cell, event.key === "ArrowDown" ? 1 : -1);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});

// A refusal is read first, also by who cannot see the red.
document.querySelector<HTMLElement>(".ui-error-summary")?.focus();

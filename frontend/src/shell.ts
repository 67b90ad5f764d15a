/** What both shells do: the side menu on small screens, menus that close on Escape or a click elsewhere. */

function startMenus(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-toggle]")) {
    const target = document.getElementById(button.dataset.toggle ?? "");
    const set = (open: boolean): void => {
      button.setAttribute("aria-expanded", String(open));
      target?.toggleAttribute("data-open", open);
    };
    button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
      set(false);
      button.focus();
    });
  }
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.ui-menu[open]")) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest<HTMLDetailsElement>("details.ui-menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

export function startShell(): void {
  document.documentElement.classList.add("js");
  startMenus();
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-print]")) window.print();
    if ((event.target as Element).closest("[data-reload]")) window.location.reload();
  });
}

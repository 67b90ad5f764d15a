/**
 * Keyboard: `data-hotkey="Alt+n"` presses a link or button or focuses a field, `/` goes to the search, j and k move through
 * `data-rows`, `?` shows what there is. Single keys can be switched off (WCAG 2.1.4); they never fire while somebody types,
 * so a card reader, which types like a keyboard, cannot set them off.
 */
import { openDialog } from "./dialogs.ts";

const SWITCH = "ui-single-keys";

const singleKeys = (): boolean => localStorage.getItem(SWITCH) !== "off";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

function visible(element: Element): boolean {
  return element.getClientRects().length > 0;
}

/** The key of an event as written in `data-hotkey`: modifiers in the order Ctrl, Alt, Shift, Meta. */
export function keyName(event: KeyboardEvent): string {
  // With Alt the layout may give another letter (macOS), the code is what was pressed.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const key = event.altKey || event.ctrlKey ? (letter ?? digit ?? event.key) : event.key;
  const parts = [event.ctrlKey && "Ctrl", event.altKey && "Alt", event.shiftKey && key.length > 1 && "Shift", event.metaKey && "Meta"];
  return [...parts.filter(Boolean), key].join("+");
}

function press(element: HTMLElement): void {
  if (typing(element)) {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  } else element.click();
}

function hotkey(name: string): HTMLElement | undefined {
  const inDialog = document.querySelector("dialog[open]");
  const scope: ParentNode = inDialog ?? document;
  const found = [...scope.querySelectorAll<HTMLElement>("[data-hotkey]")].filter((e) => e.dataset.hotkey === name && visible(e));
  // A key that every row has acts on the row with the focus.
  const row = document.activeElement?.closest("[data-row]");
  return found.find((e) => row?.contains(e)) ?? found[0];
}

function moveRow(step: 1 | -1): void {
  const list = [...document.querySelectorAll("[data-rows]")].find(visible);
  if (!list) return;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-row]")].filter(visible);
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step];
  const goal = row?.querySelector<HTMLElement>("a[href], button, input") ?? row;
  if (!goal) return;
  if (goal === row) goal.tabIndex = -1;
  goal.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function label(element: HTMLElement): string {
  const field = element as HTMLInputElement;
  return element.dataset.hotkeyLabel ?? element.getAttribute("aria-label") ?? field.labels?.[0]?.textContent?.trim() ?? element.textContent?.trim() ?? "";
}

/** Adds the page's own keys to the help dialog each time it opens. */
function showHelp(): void {
  const list = document.querySelector("#keyboard-help [data-page-keys]");
  list?.replaceChildren();
  for (const element of document.querySelectorAll<HTMLElement>("[data-hotkey]")) {
    if (!list || !visible(element) || element.dataset.hotkey === "/") continue;
    const term = document.createElement("dt");
    for (const part of (element.dataset.hotkey ?? "").split("+")) {
      const key = document.createElement("kbd");
      key.textContent = part;
      term.append(key);
    }
    const what = document.createElement("dd");
    what.textContent = label(element);
    list.append(term, what);
  }
  openDialog("keyboard-help");
}

function single(event: KeyboardEvent): boolean {
  if (!singleKeys() || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.key === "?" && !document.querySelector("dialog[open]")) showHelp();
  else if (event.key === "/") document.querySelector<HTMLElement>("[data-search]")?.focus();
  else if (event.key === "j") moveRow(1);
  else if (event.key === "k") moveRow(-1);
  else return false;
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const modified = event.ctrlKey || event.altKey || event.metaKey || /^F\d+$/.test(event.key);
  if (!modified && typing(event.target)) return;
  const element = modified || singleKeys() ? hotkey(keyName(event)) : undefined;
  if (element) press(element);
  else if (!single(event)) return;
  event.preventDefault();
}

export function startKeys(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-keyboard-help]")) showHelp();
  });
  const toggle = document.querySelector<HTMLInputElement>("#keyboard-help [data-single-keys]");
  if (!toggle) return;
  toggle.checked = singleKeys();
  toggle.addEventListener("change", () => localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"));
}

/** Sentences and addresses come from the page (`#field-text`); no language lives in TypeScript. */

export function words(key: string): string {
  return document.getElementById("field-text")?.dataset[key] ?? "";
}

/** `%n` and `%t` filled in. */
export function said(key: string, value: string | number): string {
  return words(key).replace(/%[nt]/, String(value));
}

export function clock(iso: string): string {
  const at = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export const slot = <E extends HTMLElement>(root: ParentNode, name: string): E | null => root.querySelector<E>(`[data-slot="${name}"]`);

export function put(root: ParentNode, name: string, value: string): void {
  const element = slot(root, name);
  if (element) element.textContent = value;
}

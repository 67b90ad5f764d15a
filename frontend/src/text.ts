/** Translated sentences come from the page (`#ui-text`, components/texts.html); no language lives in TypeScript. */
export function text(key: string): string {
  return document.getElementById("ui-text")?.dataset[key] ?? "";
}

export function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

/** An icon of the build's sprite, whose address the page knows. */
export function iconElement(name: string): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(ns, "use");
  use.setAttribute("href", `${meta("icon-sprite")}#${name}`);
  svg.append(use);
  return svg;
}

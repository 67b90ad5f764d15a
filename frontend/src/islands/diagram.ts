/**
 * Where a case stands, on the drawing of its process (bpmn-js, whose mark stays in the corner as its licence asks). Read only; the list of
 * steps beside it says the same in words. Fetched when somebody opens it for the first time.
 */
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "../styles/diagram.css";

interface Canvas {
  zoom(scale?: number | "fit-viewport", center?: "auto"): number;
  scroll(by: { dx: number; dy: number }): void;
  addMarker(id: string, name: string): void;
  scrollToElement(id: string): void;
}
interface Overlays {
  add(id: string, overlay: { position: { top: number; left: number }; html: HTMLElement }): void;
}
interface Registry {
  get(id: string): unknown;
}

const STEP_PX = 60;
const ZOOM = 1.2;
const LEAST = 0.2;
const MOST = 3;
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function ids(text: string | undefined): string[] {
  return (text ?? "").split(" ").filter(Boolean);
}

/** Arrow keys move the drawing, plus and minus enlarge it, 0 shows the whole. */
function listen(place: HTMLElement, canvas: Canvas): void {
  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) canvas.scroll({ dx: arrow[0] * STEP_PX, dy: arrow[1] * STEP_PX });
    else if (event.key === "+" || event.key === "=") canvas.zoom(Math.min(MOST, canvas.zoom() * ZOOM), "auto");
    else if (event.key === "-") canvas.zoom(Math.max(LEAST, canvas.zoom() / ZOOM), "auto");
    else if (event.key === "0") canvas.zoom("fit-viewport", "auto");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** A word on the step itself, so that colour does not stand alone. */
function flag(word: string): HTMLElement {
  const element = document.createElement("span");
  element.className = "diagram-here";
  element.textContent = word;
  return element;
}

async function draw(root: HTMLElement, place: HTMLElement): Promise<void> {
  const answer = await fetch(root.dataset.diagram ?? "", { headers: { Accept: "application/xml" } });
  if (!answer.ok) throw new Error(`the drawing was answered ${answer.status}`);
  place.hidden = false;
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(await answer.text());
  const canvas = viewer.get<Canvas>("canvas");
  const known = viewer.get<Registry>("elementRegistry");
  const overlays = viewer.get<Overlays>("overlays");
  for (const id of ids(root.dataset.done)) if (known.get(id)) canvas.addMarker(id, "diagram-done");
  canvas.zoom("fit-viewport", "auto");
  for (const id of ids(root.dataset.current)) {
    if (!known.get(id)) continue;
    canvas.addMarker(id, "diagram-current");
    overlays.add(id, { position: { top: -22, left: 0 }, html: flag(root.dataset.here ?? "") });
    canvas.scrollToElement(id);
  }
  listen(place, canvas);
}

/** Draw once, or leave the words that stand there when it cannot be drawn. */
export async function show(root: HTMLElement): Promise<void> {
  const place = root.querySelector<HTMLElement>("[data-diagram-place]");
  const words = root.querySelector<HTMLElement>("[data-diagram-words]");
  if (!place) return;
  try {
    await draw(root, place);
    if (words) words.hidden = true;
  } catch {
    place.hidden = true;
  }
}

/**
 * The drawing of a matter's process (bpmn-js, whose mark stays in the corner as its licence asks) with a panel for our own attributes.
 * The text area below is the truth that is sent: the drawing writes into it, and a text edited by hand is drawn anew.
 */
import BpmnModeler from "bpmn-js/lib/Modeler";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "../styles/process.css";
import linli from "./linli.json";

interface Business {
  $type: string;
  $parent?: Business;
  id: string;
  get(name: string): unknown;
}
interface Shape {
  id: string;
  type: string;
  businessObject: Business;
  labelTarget?: Shape;
}
interface Modeling {
  updateProperties(shape: Shape, values: Record<string, unknown>): void;
}
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Canvas {
  viewbox(): { inner: Box; outer: { width: number; height: number } };
  viewbox(box: Box): void;
  addMarker(id: string, name: string): void;
  scrollToElement(id: string): void;
}
interface Registry {
  get(id: string): Shape | undefined;
}
interface Factory {
  create(type: string, values: Record<string, unknown>): unknown;
}
interface Selection {
  select(shape: Shape): void;
}

const editor = document.getElementById("process-editor");
const text = document.getElementById("process-xml") as HTMLTextAreaElement | null;
const form = document.getElementById("process-form") as HTMLFormElement | null;

/** Width of the tools on the left, which lie over the drawing. */
const TOOLS_PX = 64;
const MARGIN_PX = 16;
const TIMED = new Set(["bpmn:UserTask", "bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent"]);

/** The whole drawing in the middle of what the tools leave free, never enlarged. */
function fit(canvas: Canvas): void {
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !inner.height) return;
  const free = outer.width - TOOLS_PX;
  const scale = Math.min(1, (free - 2 * MARGIN_PX) / inner.width, (outer.height - 2 * MARGIN_PX) / inner.height);
  canvas.viewbox({
    x: inner.x - (TOOLS_PX + (free - inner.width * scale) / 2) / scale,
    y: inner.y - (outer.height / scale - inner.height) / 2,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

/** Which parts of the panel an element has. */
function partsOf(type: string): string[] {
  const parts = ["any"];
  if (type === "bpmn:UserTask") parts.push("step");
  if (TIMED.has(type)) parts.push("time");
  if (type === "bpmn:SequenceFlow") parts.push("flow");
  if (type === "bpmn:ScriptTask") parts.push("script");
  return parts;
}

function bodyOf(value: unknown): string {
  return (value as { body?: string } | undefined)?.body ?? "";
}

/** The side panel: shows the chosen element's attributes and writes each change back at once. */
class Panel {
  private shape: Shape | undefined;
  private readonly title: HTMLElement;
  private readonly first: string;

  constructor(
    private readonly root: HTMLElement,
    private readonly modeler: BpmnModeler,
  ) {
    this.title = root.querySelector<HTMLElement>("[data-panel-title]")!;
    this.first = this.title.textContent ?? "";
    root.addEventListener("change", (event) => this.write(event.target as HTMLInputElement));
    // Enter in the panel means "take this value", not "send the page".
    root.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
        event.preventDefault();
        this.write(event.target);
      }
    });
  }

  show(chosen: Shape | undefined): void {
    const shape = chosen?.labelTarget ?? chosen;
    this.shape = shape;
    const type = shape?.businessObject.$type ?? "";
    const parts = shape && type !== "bpmn:Process" ? partsOf(type) : [];
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-panel]")) part.hidden = !parts.includes(part.dataset.panel ?? "");
    this.title.textContent = parts.length ? shape!.id : this.first;
    if (!parts.length) return;
    const business = shape!.businessObject;
    for (const control of this.controls()) {
      const { property, linli: own, condition, script } = control.dataset;
      if (property) control.value = String(business.get(property) ?? "");
      else if (own) control.value = String((parts.includes("step") || parts.includes("time") ? business.get(`linli:${own}`) : "") ?? "");
      else if (condition !== undefined) control.value = type === "bpmn:SequenceFlow" ? bodyOf(business.get("conditionExpression")) : "";
      else if (script !== undefined) control.value = type === "bpmn:ScriptTask" ? String(business.get("script") ?? "") : "";
    }
  }

  private controls(): NodeListOf<HTMLInputElement> {
    return this.root.querySelectorAll<HTMLInputElement>("[data-property], [data-linli], [data-condition], [data-script]");
  }

  private write(control: HTMLInputElement): void {
    if (!this.shape) return;
    const value = control.value.trim();
    const { property, linli: own, condition, script } = control.dataset;
    const modeling = this.modeler.get<Modeling>("modeling");
    if (property) modeling.updateProperties(this.shape, { [property]: value });
    else if (own) modeling.updateProperties(this.shape, { [`linli:${own}`]: value || undefined });
    else if (condition !== undefined) {
      const factory = this.modeler.get<Factory>("bpmnFactory");
      const expression = value ? factory.create("bpmn:FormalExpression", { body: value }) : undefined;
      modeling.updateProperties(this.shape, { conditionExpression: expression });
    } else if (script !== undefined) modeling.updateProperties(this.shape, { script: value });
  }
}

async function start(editor: HTMLElement, text: HTMLTextAreaElement, form: HTMLFormElement): Promise<void> {
  editor.hidden = false;
  const modeler = new BpmnModeler({ container: document.getElementById("process-canvas")!, moddleExtensions: { linli } });
  const panel = new Panel(document.getElementById("process-panel")!, modeler);
  let drawn = "";

  const draw = async (): Promise<void> => {
    try {
      await modeler.importXML(text.value);
    } catch {
      // Not readable as it stands: the text stays as it is, the server says what is wrong with it.
      editor.hidden = true;
      return;
    }
    editor.hidden = false;
    fit(modeler.get<Canvas>("canvas"));
    drawn = text.value;
    mark();
  };

  /** The element the server's refusal names. */
  const mark = (): void => {
    const fault = editor.dataset.fault;
    const shape = fault ? modeler.get<Registry>("elementRegistry").get(fault) : undefined;
    if (!shape) return;
    const canvas = modeler.get<Canvas>("canvas");
    canvas.addMarker(shape.id, "process-fault");
    canvas.scrollToElement(shape.id);
    modeler.get<Selection>("selection").select(shape);
  };

  const write = async (): Promise<void> => {
    const { xml } = await modeler.saveXML({ format: true });
    if (xml) text.value = drawn = xml;
  };

  modeler.on("selection.changed", (event: { newSelection: Shape[] }) => panel.show(event.newSelection[0]));
  modeler.on("commandStack.changed", () => void write());
  text.addEventListener("change", () => {
    if (text.value !== drawn) void draw();
  });
  form.addEventListener("submit", () => (document.activeElement as HTMLElement | null)?.blur());
  await draw();
  if (!editor.hidden) (document.getElementById("process-text") as HTMLDetailsElement).open = false;
}

if (editor && text && form) void start(editor, text, form);

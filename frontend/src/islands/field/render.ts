/** The pages without a connection: drawn into the kept shell from what the phone took along. */
import { type Day, type Item, type Place, type Resident, type Visit } from "./store.ts";
import { clock, put, said, slot, words } from "./words.ts";

function copy(id: string): DocumentFragment {
  return (document.getElementById(id) as HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
}

function mark(root: ParentNode, days: number): void {
  const late = slot(root, "late");
  if (!late) return;
  late.hidden = days < 1;
  late.textContent = days < 1 ? "" : said("late", days);
}

/** Visits that were noted and wait to be sent are no longer to be made. */
export function stillDue(place: Place, waiting: Item[]): Visit[] {
  const noted = new Set(waiting.filter((item) => item.kind === "visit.done").flatMap((item) => item.payload.visits as string[]));
  return place.visits.filter((visit) => !noted.has(visit.id));
}

function row(place: Place, waiting: Item[]): DocumentFragment {
  const made = copy("field-row");
  const due = stillDue(place, waiting);
  const link = slot<HTMLAnchorElement>(made, "link");
  if (link) link.href = `${words("home")}at/${place.key}/`;
  put(made, "address", place.address);
  put(made, "names", place.visits.map((visit) => `${visit.name} ${visit.cycle}`).join(" · "));
  mark(made, Math.max(0, ...due.map((visit) => visit.late)));
  if (!due.length) slot(made, "names")?.append(` (${words("notedMark")})`);
  return made;
}

export function drawList(root: HTMLElement, day: Day | undefined, waiting: Item[]): void {
  const note = document.createElement("p");
  note.className = "form-hint";
  note.textContent = day ? said("day", clock(day.made)) : words("noDay");
  root.replaceChildren(note);
  if (!day) return;
  const list = document.createElement("ul");
  list.className = "field-list";
  list.dataset.fieldList = "";
  let building = "";
  for (const place of day.places) {
    if (place.building && place.building !== building) {
      const head = document.createElement("li");
      head.className = "field-building";
      head.textContent = building = place.building;
      list.append(head);
    }
    list.append(row(place, waiting));
  }
  root.append(list);
}

function choice(visit: Visit): DocumentFragment {
  const made = copy("field-choice");
  const box = slot<HTMLInputElement>(made, "visit");
  if (box) box.value = visit.id;
  put(made, "name", visit.name);
  put(made, "cycle", `${visit.cycle} ${visit.reason}`.trim());
  mark(made, visit.late);
  return made;
}

function hidden(value: string): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "confirmed";
  input.value = value;
  return input;
}

function visitForm(place: Place, due: Visit[]): DocumentFragment {
  const made = copy("field-visit-form");
  slot(made, "choices")?.append(...due.map(choice));
  const own = place.residents.flatMap((one) => one.values.filter((v) => v.value && ["phone", "live_address"].includes(v.attribute)).map((v) => [one, v] as const));
  slot(made, "confirmed")?.append(...own.map(([one, v]) => hidden(`${one.id}|${v.attribute}|${v.version}`)));
  return made;
}

function resident(one: Resident): DocumentFragment {
  const made = copy("field-resident");
  put(made, "name", one.name);
  put(made, "age", one.age === null ? "" : said("years", one.age));
  const person = slot<HTMLInputElement>(made, "person");
  const name = slot<HTMLInputElement>(made, "person-name");
  if (person) person.value = one.id;
  if (name) name.value = one.name;
  const values = slot(made, "values");
  const options = slot<HTMLSelectElement>(made, "attributes");
  for (const value of one.values) {
    const line = copy("field-value");
    put(line, "label", value.label);
    put(line, "value", value.value || "–");
    values?.append(line);
    options?.append(new Option(value.label, `${value.attribute}|${value.version}`));
  }
  return made;
}

export function drawPlace(root: HTMLElement, place: Place | undefined, waiting: Item[]): void {
  const heading = document.querySelector("h1");
  if (!place) {
    const none = document.createElement("p");
    none.textContent = words("noPlace");
    root.replaceChildren(none, copy("field-back"));
    return;
  }
  if (heading) heading.textContent = place.address || (place.residents[0]?.name ?? "");
  const body = document.createElement("div");
  body.dataset.fieldPlace = place.key;
  const list = document.createElement("ul");
  list.className = "field-noted";
  list.dataset.fieldNoted = "";
  list.hidden = true;
  const due = stillDue(place, waiting);
  body.append(list);
  if (due.length) body.append(visitForm(place, due));
  body.append(copy("field-people"), ...place.residents.map(resident), copy("field-new-form"));
  root.replaceChildren(body, copy("field-back"));
}

export function drawNotes(root: HTMLElement): void {
  const heading = document.querySelector("h1");
  if (heading) heading.textContent = document.querySelector(`a[href="${words("notes")}"] span`)?.textContent ?? "";
  root.replaceChildren(copy("field-refused"), copy("field-back"));
}

/** Forms of a home: what is typed becomes an item; photos are made small, the position is asked for when somebody wants it noted. */
import { said, words } from "./words.ts";

export interface Noted {
  kind: string;
  payload: Record<string, unknown>;
  base: string;
  title: string;
}

/** A sentence for the worker instead of an item. */
export class Wrong extends Error {}

const PHOTO_BYTES = 2 * 1024 * 1024;
const LONGEST_SIDE = 1600;

async function shrunk(file: File): Promise<string> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new Wrong(words("photoWrong"));
  }
  for (let side = LONGEST_SIDE; side >= 400; side *= 0.75) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const address = canvas.toDataURL("image/jpeg", 0.8);
    if (address.length * 0.75 < PHOTO_BYTES) return address;
  }
  throw new Wrong(words("photoLarge"));
}

async function visit(form: HTMLFormElement, data: FormData): Promise<Noted> {
  const visits = data.getAll("visits").map(String);
  const result = String(data.get("result") ?? "");
  if (!visits.length || !result) throw new Wrong(words("choose"));
  const photo = data.get("photo");
  const confirmed = data.get("confirm") ? data.getAll("confirmed").map((one) => String(one).split("|")) : [];
  const longitude = data.get("longitude");
  const payload = {
    visits,
    result,
    note: data.get("note"),
    photo: photo instanceof File && photo.size ? await shrunk(photo) : "",
    position: longitude ? { longitude, latitude: data.get("latitude"), accuracy: data.get("accuracy") } : null,
    confirmed: confirmed.map(([person, attribute, base]) => ({ person, attribute, base })),
  };
  const ended = form.querySelector<HTMLInputElement>("[name=result]:checked")?.closest("label")?.textContent?.trim() ?? "";
  return { kind: "visit.done", payload, base: "", title: `${words("visitDone")} · ${ended}` };
}

function value(form: HTMLFormElement, data: FormData): Noted {
  const [attribute, base] = String(data.get("attribute") ?? "").split("|");
  const right = String(data.get("value") ?? "").trim();
  if (!right) throw new Wrong(form.querySelector("[name=value]")?.closest("label")?.textContent?.trim() ?? "");
  const payload = { person: data.get("person"), name: data.get("name"), attribute, value: right };
  const label = form.querySelector<HTMLSelectElement>("[name=attribute]")?.selectedOptions[0]?.textContent ?? "";
  return { kind: "person.value", payload, base: base ?? "", title: `${String(data.get("name"))} · ${label}: ${right}` };
}

function newcomer(data: FormData, place: string): Noted {
  const read = (name: string): string => String(data.get(name) ?? "").trim();
  if (!read("name")) throw new Wrong(document.querySelector("label[for=new-name]")?.textContent?.trim() ?? "");
  const names = ["name", "id_number", "birth_date", "sex", "phone"];
  const payload = { place, ...Object.fromEntries(names.map((name) => [name, read(name)])) };
  return { kind: "person.new", payload, base: "", title: `${words("personNew")} · ${read("name")}` };
}

export async function noted(form: HTMLFormElement, place: string): Promise<Noted> {
  const data = new FormData(form);
  const kind = form.dataset.fieldKind;
  const made = kind === "visit.done" ? await visit(form, data) : kind === "person.value" ? value(form, data) : newcomer(data, place);
  return { ...made, payload: { ...made.payload, at: new Date().toISOString() } };
}

/** Where the phone is, into the form's hidden fields; never asked for unless the button is pressed. */
export function startPosition(root: ParentNode): void {
  for (const part of root.querySelectorAll<HTMLElement>("[data-field-island]")) part.hidden = !("geolocation" in navigator);
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-field-position]")) {
    const where = button.parentElement?.querySelector<HTMLElement>("[data-field-where]");
    button.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const set = (name: string, number: number): void => {
            const field = button.form?.elements.namedItem(name);
            if (field instanceof HTMLInputElement) field.value = String(number);
          };
          set("longitude", coords.longitude);
          set("latitude", coords.latitude);
          set("accuracy", coords.accuracy);
          if (where) where.textContent = said("positioned", Math.round(coords.accuracy));
        },
        () => {
          if (where) where.textContent = words("noPosition");
        },
        { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
      );
    });
  }
}

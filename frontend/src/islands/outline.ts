/**
 * The outline of a grid is drawn and changed: corners are buttons that are dragged, or moved by the arrow keys (Shift: further); the small ones between
 * them become corners when they are moved; Delete takes one out. The text area is what is sent; what is typed or pasted there is drawn.
 */
import { Marker, type GeoJSONSource, type Map as GlMap } from "maplibre-gl";
import { open } from "../map/base.ts";

type Ring = [number, number][];
const STEP_PX = 4;
const FAR_PX = 24;
const MOST_CORNERS = 400;
const DECIMALS = 5;

function start(box: HTMLElement, text: HTMLTextAreaElement): void {
  const map = open(box, false);
  if (!map) {
    text.closest("details")?.setAttribute("open", "");
    return;
  }
  map.on("load", () => new Editor(map, box, text).begin());
}

class Editor {
  private rings: Ring[] = [];
  private markers: Marker[] = [];
  private readonly map: GlMap;
  private readonly box: HTMLElement;
  private readonly text: HTMLTextAreaElement;

  constructor(map: GlMap, box: HTMLElement, text: HTMLTextAreaElement) {
    this.map = map;
    this.box = box;
    this.text = text;
  }

  begin(): void {
    const around = JSON.parse(document.getElementById(this.box.dataset["around"] ?? "")?.textContent ?? "[]") as GeoJSON.Feature[];
    this.map.addSource("around", { type: "geojson", data: { type: "FeatureCollection", features: around } });
    this.map.addLayer({ id: "around-line", type: "line", source: "around", paint: { "line-color": "#6b7a79", "line-width": ["case", ["==", ["get", "kind"], "community"], 3, 1] } });
    this.map.addLayer({ id: "around-name", type: "symbol", source: "around", layout: { "text-field": ["get", "name"], "text-size": 12 }, paint: { "text-color": "#3b4a49", "text-halo-color": "#fff", "text-halo-width": 1.5 } });
    this.map.addSource("own", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    this.map.addLayer({ id: "own-area", type: "fill", source: "own", paint: { "fill-color": "#0b7a75", "fill-opacity": 0.15 } });
    this.map.addLayer({ id: "own-line", type: "line", source: "own", paint: { "line-color": "#0b7a75", "line-width": 2 } });
    this.text.addEventListener("change", () => this.read());
    document.querySelector("[data-outline-anew]")?.addEventListener("click", () => this.anew());
    this.read();
    this.box.dataset["state"] = "ready";
  }

  /** What the text area holds; a text that is no polygon leaves the drawing as it is, the server says what is wrong with it. */
  private read(): void {
    try {
      const given = JSON.parse(this.text.value || "null") as GeoJSON.Polygon | GeoJSON.MultiPolygon | null;
      const polygons = given?.type === "MultiPolygon" ? given.coordinates : given?.type === "Polygon" ? [given.coordinates] : [];
      this.rings = polygons.flatMap((rings) => rings.slice(0, 1)).map((ring) => ring.slice(0, -1).map(([x, y]) => [x, y] as [number, number]));
      this.kept = polygons.map((rings) => rings.slice(1));
      this.draw();
    } catch {
      return;
    }
  }

  /** Holes are not changed here, and not lost either. */
  private kept: GeoJSON.Position[][][] = [];

  /** A square in the middle of the view to begin with. */
  private anew(): void {
    const { width, height } = this.map.getCanvas().getBoundingClientRect();
    const [x, y, r] = [width / 2, height / 2, Math.min(width, height) / 6];
    const corners = [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]] as [number, number][];
    this.rings = [corners.map((corner) => this.place(corner))];
    this.kept = [[]];
    this.write();
    this.draw();
  }

  private place(point: [number, number]): [number, number] {
    const { lng, lat } = this.map.unproject(point);
    return [Number(lng.toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
  }

  private polygon(): GeoJSON.Polygon | GeoJSON.MultiPolygon {
    const closed = this.rings.map((ring, n) => [[...ring, ring[0] as [number, number]], ...(this.kept[n] ?? [])]);
    return closed.length === 1 ? { type: "Polygon", coordinates: closed[0] as GeoJSON.Position[][] } : { type: "MultiPolygon", coordinates: closed };
  }

  private write(): void {
    this.text.value = this.rings.length ? JSON.stringify(this.polygon()) : "";
    this.shape();
  }

  private shape(): void {
    const features = this.rings.length ? [{ type: "Feature" as const, properties: {}, geometry: this.polygon() }] : [];
    this.map.getSource<GeoJSONSource>("own")?.setData({ type: "FeatureCollection", features });
  }

  private draw(focus?: [number, number]): void {
    for (const marker of this.markers) marker.remove();
    this.markers = [];
    this.shape();
    const corners = this.rings.reduce((sum, ring) => sum + ring.length, 0);
    if (corners > MOST_CORNERS) return;
    this.rings.forEach((ring, r) => {
      ring.forEach((corner, n) => {
        const next = ring[(n + 1) % ring.length] as [number, number];
        const button = this.corner(corner, r, n, false);
        this.corner([(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2], r, n + 1, true);
        if (focus?.[0] === r && focus[1] === n) button.focus();
      });
    });
  }

  private corner(at: [number, number], r: number, n: number, middle: boolean): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = middle ? "map-vertex map-middle" : "map-vertex";
    const marker = new Marker({ element: button, draggable: true }).setLngLat(at).addTo(this.map);
    // after the marker, which names its element by itself
    button.setAttribute("aria-label", `${this.box.dataset[middle ? "middle" : "corner"] ?? ""} ${n + (middle ? 0 : 1)}`);
    const moved = (): void => {
      const { lng, lat } = marker.getLngLat();
      this.put([lng, lat], r, n, middle);
    };
    marker.on("dragend", moved);
    button.addEventListener("keydown", (event) => this.key(event, marker, moved, r, n, middle));
    this.markers.push(marker);
    return button;
  }

  private put(at: [number, number], r: number, n: number, middle: boolean): void {
    const ring = this.rings[r];
    if (!ring) return;
    ring.splice(n, middle ? 0 : 1, [Number(at[0].toFixed(DECIMALS)), Number(at[1].toFixed(DECIMALS))]);
    this.write();
    this.draw([r, n]);
  }

  private key(event: KeyboardEvent, marker: Marker, moved: () => void, r: number, n: number, middle: boolean): void {
    const ring = this.rings[r];
    if ((event.key === "Delete" || event.key === "Backspace") && !middle && ring && ring.length > 3) {
      event.preventDefault();
      event.stopPropagation();
      ring.splice(n, 1);
      this.write();
      this.draw([r, Math.min(n, ring.length - 1)]);
      return;
    }
    const way = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? FAR_PX : STEP_PX;
    const { x, y } = this.map.project(marker.getLngLat());
    marker.setLngLat(this.map.unproject([x + way[0] * step, y + way[1] * step]));
    moved();
  }
}

// Last: classes are not there before their line.
const canvas = document.querySelector<HTMLElement>("[data-outline-map]");
const field = document.querySelector<HTMLTextAreaElement>("textarea[name=outline]");
if (canvas && field) start(canvas, field);

/** The desk's map: layers fetched by what is in view under the reader's rights, clusters, a panel for what was clicked, and the table beside it. */
import type { GeoJSONSource, Map as GlMap, MapGeoJSONFeature, MapMouseEvent } from "maplibre-gl";
import { open, fetched, type Collection } from "../map/base.ts";

interface Layer {
  code: string;
  address: string;
  area: boolean;
  /** Whatever another office draws: points, lines and areas on one layer. */
  any: boolean;
  box: HTMLInputElement;
}
type Properties = Record<string, string | number | undefined>;

const COLOURS = ["#0b7a75", "#3b6fb6", "#8a5a00", "#7a3e9d", "#b23a48", "#4c6b1f"];
const WAIT_MS = 200;
const MOST_LISTED = 30;
const EMPTY: Collection = { type: "FeatureCollection", features: [] };

function start(box: HTMLElement): void {
  const layers = [...document.querySelectorAll<HTMLInputElement>("input[data-layer]")].map((input) => ({
    code: input.dataset["layer"] ?? "",
    address: input.dataset["address"] ?? "",
    area: input.dataset["shape"] !== "Point",
    any: input.dataset["shape"] === "Geometry",
    box: input,
  }));
  const map = open(box, true);
  if (!map) return;
  const view = new View(map, box, layers);
  map.on("load", () => view.begin());
}

class View {
  private readonly map: GlMap;
  private readonly box: HTMLElement;
  private readonly layers: Layer[];
  private timer = 0;
  private asked: AbortController | null = null;

  constructor(map: GlMap, box: HTMLElement, layers: Layer[]) {
    this.map = map;
    this.box = box;
    this.layers = layers;
  }

  begin(): void {
    // Areas lie below points, whatever the order of the list.
    const ordered = [...this.layers].sort((a, b) => Number(b.area) - Number(a.area));
    for (const layer of ordered) this.add(layer, COLOURS[this.layers.indexOf(layer) % COLOURS.length] as string);
    for (const layer of this.layers) layer.box.addEventListener("change", () => this.switched());
    this.map.on("moveend", () => this.soon());
    this.map.on("click", (event) => void this.clicked(event));
    this.map.on("mousemove", (event) => {
      this.map.getCanvas().style.cursor = this.hit(event).length ? "pointer" : "";
    });
    void this.refresh();
  }

  private add(layer: Layer, colour: string): void {
    const { map } = this;
    const id = layer.code;
    map.addSource(id, layer.area ? { type: "geojson", data: EMPTY } : clustered());
    if (layer.area) {
      const inner = layer.any || layer.code === "grids" || layer.code === "communities";
      const polygons = ["==", ["geometry-type"], "Polygon"] as never;
      map.addLayer({ id: `${id}-area`, type: "fill", source: id, filter: polygons, paint: { "fill-color": colour, "fill-opacity": inner ? 0.07 : 0.03 } });
      map.addLayer({ id: `${id}-line`, type: "line", source: id, paint: { "line-color": colour, "line-width": inner && !layer.any ? 1 : 2 } });
      if (layer.any) {
        map.addLayer({
          id: `${id}-dots`,
          type: "circle",
          source: id,
          filter: ["==", ["geometry-type"], "Point"],
          paint: { "circle-color": colour, "circle-radius": 6, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
        });
      }
      map.addLayer({
        id: `${id}-name`,
        type: "symbol",
        source: id,
        layout: {
          "text-field": ["get", "name"],
          "text-size": inner ? 12 : 14,
          "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
          "text-radial-offset": 1.4,
        },
        paint: { "text-color": "#1d2a2a", "text-halo-color": "#ffffff", "text-halo-width": 1.5 },
      });
      return;
    }
    const grouped = ["any", ["has", "point_count"], ["has", "number"]] as never;
    const number = ["coalesce", ["get", "sum"], ["get", "number"], 1] as never;
    map.addLayer({
      id: `${id}-groups`,
      type: "circle",
      source: id,
      filter: grouped,
      paint: { "circle-color": colour, "circle-opacity": 0.9, "circle-radius": ["step", number, 13, 20, 17, 200, 22, 2000, 28] },
    });
    map.addLayer({
      id: `${id}-numbers`,
      type: "symbol",
      source: id,
      filter: grouped,
      layout: { "text-field": ["to-string", number], "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": "#ffffff" },
    });
    map.addLayer({
      id: `${id}-points`,
      type: "circle",
      source: id,
      filter: ["!", grouped],
      paint: { "circle-color": colour, "circle-radius": 7, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
    });
  }

  /** The link of the page follows what is switched on, so that it can be sent to somebody else. */
  private switched(): void {
    const address = new URL(location.href);
    address.searchParams.set("layers", this.on().map((layer) => layer.code).join(","));
    history.replaceState(history.state, "", address);
    void this.refresh();
  }

  private on(): Layer[] {
    return this.layers.filter((layer) => layer.box.checked);
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.refresh(), WAIT_MS);
  }

  /** Everything that is on, fetched for what is in view; an older question is given up. */
  private async refresh(): Promise<void> {
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    const b = this.map.getBounds();
    const box = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((n, i) => clamp(n, i % 2 ? 90 : 180).toFixed(5)).join(",");
    const query = `?bbox=${box}&zoom=${this.map.getZoom().toFixed(2)}`;
    const hints = new Set<string>();
    this.box.dataset["state"] = "fetching";
    await Promise.all([
      ...this.layers.map(async (layer) => {
        const source = this.map.getSource<GeoJSONSource>(layer.code);
        if (!layer.box.checked) return source?.setData(EMPTY);
        const found = await fetched<Collection>(layer.address + query, asked.signal);
        if (asked.signal.aborted) return;
        if (!found) hints.add(this.box.dataset["lost"] ?? "");
        if (found?.more) hints.add(this.box.dataset["more"] ?? "");
        if (found?.far) hints.add((this.box.dataset["far"] ?? "") + (layer.box.parentElement?.textContent ?? "").trim());
        if (found) source?.setData(found);
      }),
      this.list(query, asked.signal),
    ]);
    if (asked.signal.aborted) return;
    this.hint([...hints].join(" "));
    this.map.once("idle", () => (this.box.dataset["state"] = "ready"));
    this.map.triggerRepaint();
  }

  private async list(query: string, signal: AbortSignal): Promise<void> {
    const layers = this.on().map((layer) => layer.code).join(",");
    try {
      const answer = await fetch(`${this.box.dataset["table"]}${query}&layers=${layers}`, { signal });
      const place = document.querySelector("[data-map-table]");
      if (answer.ok && place && !signal.aborted) place.innerHTML = await answer.text();
    } catch {
      // the table keeps what it said; the layers tell that nothing could be fetched
    }
  }

  private hint(text: string): void {
    const place = document.querySelector<HTMLElement>("[data-map-hint]");
    if (!place) return;
    place.hidden = !text;
    if (place.textContent !== text) place.textContent = text;
  }

  private hit(event: MapMouseEvent): MapGeoJSONFeature[] {
    const wanted = this.on().flatMap((layer) => (layer.any ? [`${layer.code}-dots`, `${layer.code}-line`, `${layer.code}-area`] : layer.area ? [`${layer.code}-area`] : [`${layer.code}-groups`, `${layer.code}-points`]));
    return this.map.queryRenderedFeatures(event.point, { layers: wanted.filter((id) => this.map.getLayer(id)) });
  }

  /** A group opens by coming nearer; where it cannot, its members are listed. Anything else shows its panel. */
  private async clicked(event: MapMouseEvent): Promise<void> {
    const found = this.hit(event);
    const first = found.find((one) => one.geometry.type === "Point") ?? found.at(-1);
    if (!first) return this.show([]);
    const cluster = first.properties["cluster_id"] as number | undefined;
    if (cluster !== undefined) return this.group(first, cluster);
    if (first.properties["number"] !== undefined) return this.nearer(first);
    const areas = found.filter((one) => one.geometry.type !== "Point");
    this.show(first.geometry.type === "Point" ? [first.properties] : areas.map((one) => one.properties));
  }

  private async group(feature: MapGeoJSONFeature, cluster: number): Promise<void> {
    const source = this.map.getSource<GeoJSONSource>(feature.source);
    if (!source) return;
    const leaves = await source.getClusterLeaves(cluster, MOST_LISTED, 0);
    const places = new Set(leaves.map((leaf) => JSON.stringify(leaf.geometry)));
    if (places.size > 1) return this.nearer(feature, Math.max(await source.getClusterExpansionZoom(cluster), this.map.getZoom() + 1));
    this.show(leaves.map((leaf) => (leaf.properties ?? {}) as Properties));
  }

  private nearer(feature: MapGeoJSONFeature, zoom = this.map.getZoom() + 2): void {
    const [x, y] = (feature.geometry as GeoJSON.Point).coordinates as [number, number];
    this.map.easeTo({ center: [x, y], zoom: Math.min(zoom, 19) });
  }

  private show(found: Properties[]): void {
    const panel = document.querySelector<HTMLElement>("[data-map-panel]");
    if (!panel) return;
    panel.hidden = !found.length;
    const list = document.createElement("ul");
    for (const one of found) {
      const row = document.createElement("li");
      const name = document.createElement(one["page"] ? "a" : "strong");
      if (name instanceof HTMLAnchorElement) name.href = String(one["page"]);
      name.textContent = String(one["name"] ?? "");
      row.append(name, document.createElement("br"), String(one["detail"] ?? ""));
      list.append(row);
    }
    const title = document.createElement("h2");
    title.className = "form-label";
    title.textContent = this.box.dataset["places"] ?? "";
    panel.replaceChildren(title, list);
  }
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

function clustered(): never {
  return {
    type: "geojson",
    data: EMPTY,
    cluster: true,
    clusterRadius: 45,
    clusterMaxZoom: 18,
    maxzoom: 19,
    clusterProperties: { sum: ["+", ["coalesce", ["get", "number"], 1]] },
  } as never;
}

// Last: classes are not there before their line.
const canvas = document.querySelector<HTMLElement>("[data-map]");
if (canvas) start(canvas);

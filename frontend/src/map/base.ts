/**
 * What the map of the desk and the editor of outlines share: MapLibre with a worker of our own (the content security policy allows no blob), a style
 * made here (no outside tiles, no glyph server: letters are drawn by the browser), and what is said when a browser cannot draw it.
 */
import { Map as GlMap, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import type { LngLatBoundsLike, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";

export type Collection = GeoJSON.FeatureCollection<GeoJSON.Geometry, Record<string, string | number>> & { more?: boolean; far?: boolean };

const STYLE: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "ground", type: "background", paint: { "background-color": "#f4f6f5" } }],
};

export function bounds(text: string): LngLatBoundsLike {
  const [west, south, east, north] = text.split(",").map(Number) as [number, number, number, number];
  return [west, south, east, north];
}

/** A map in `box`, or null where the browser has no WebGL; then the page says so and its table does the work. */
export function open(box: HTMLElement, hash: boolean): GlMap | null {
  setWorkerUrl(workerUrl);
  const { title = "", zoomIn = "", zoomOut = "" } = box.dataset;
  try {
    const map = new GlMap({
      container: box,
      style: STYLE,
      bounds: bounds(box.dataset["box"] ?? ""),
      fitBoundsOptions: { padding: 24 },
      hash,
      maxZoom: 19,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
      localIdeographFontFamily: "'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
      locale: { "Map.Title": title, "NavigationControl.ZoomIn": zoomIn, "NavigationControl.ZoomOut": zoomOut },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
    return map;
  } catch {
    document.querySelector<HTMLElement>("[data-map-failed]")?.removeAttribute("hidden");
    box.hidden = true;
    return null;
  }
}

/** JSON of an address of ours; null when it could not be fetched, which is told once. */
export async function fetched<T>(address: string, signal?: AbortSignal): Promise<T | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  }
}

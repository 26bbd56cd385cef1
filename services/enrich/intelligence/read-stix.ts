// Threat lists as STIX 2.1 bundles: their indicators with simple patterns.
// https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html
import { type Confidence, TLP_LABELS, type TlpLabel } from "../../../config/enrichment.ts";
import { isObject, type JsonObject, objectsOf, own, textOf, timeOf } from "./json-values.ts";
import type { ListEntry } from "./read-list.ts";
import { tlpLabel } from "./read-misp.ts";
import { subjectsOfPattern } from "./stix-pattern.ts";

// The marking definitions that everybody shares, by the ids that the standards give them: TLP 1.0 in section
// 7.2.1.4 of STIX 2.1, TLP 2.0 in OASIS' common objects.
const MARKINGS: ReadonlyMap<string, TlpLabel> = new Map([
  ["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "CLEAR"],
  ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "GREEN"],
  ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "AMBER"],
  ["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "RED"],
  ["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "CLEAR"],
  ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "GREEN"],
  ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "AMBER"],
  ["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "AMBER+STRICT"],
  ["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "RED"],
]);

/** Undefined when it is no bundle; else an entry for each value of each indicator. */
export function readStix(content: unknown): Generator<ListEntry> | undefined {
  if (!isObject(content) || textOf(content, "type") !== "bundle") return undefined;
  return entriesOf(objectsOf(content, "objects"));
}

function* entriesOf(objects: readonly JsonObject[]): Generator<ListEntry> {
  const markings = new Map([...MARKINGS, ...objects.flatMap(ownMarking)]);
  for (const object of objects) {
    if (textOf(object, "type") === "indicator") yield* indicatorEntries(object, markings);
  }
}

function* indicatorEntries(
  indicator: JsonObject,
  markings: ReadonlyMap<string, TlpLabel>,
): Generator<ListEntry> {
  const type = textOf(indicator, "pattern_type") ?? "stix";
  if (own(indicator, "revoked") === true) yield "unmeant";
  else if (type !== "stix") yield "otherKind";
  else {
    const about = {
      confidence: confidenceOf(own(indicator, "confidence")),
      tlp: tlpOf(indicator, markings),
      seenAt: timeOf(indicator, "modified") ?? timeOf(indicator, "valid_from"),
      endsAt: timeOf(indicator, "valid_until"),
    };
    const subjects = subjectsOfPattern(textOf(indicator, "pattern") ?? "");
    if (subjects === undefined) yield "unreadable";
    for (const subject of subjects ?? []) {
      yield subject === undefined ? "unreadable" : { subject, ...about };
    }
  }
}

function tlpOf(indicator: JsonObject, markings: ReadonlyMap<string, TlpLabel>) {
  const refs = own(indicator, "object_marking_refs");
  const labels = (Array.isArray(refs) ? refs : []).map((ref) => markings.get(String(ref)));
  return TLP_LABELS.findLast((label) => labels.includes(label));
}

function ownMarking(object: JsonObject): [string, TlpLabel][] {
  if (textOf(object, "type") !== "marking-definition") return [];
  const label = tlpLabel(textOf(own(object, "definition"), "tlp") ?? textOf(object, "name") ?? "");
  const id = textOf(object, "id");
  return label === undefined || id === undefined ? [] : [[id, label]];
}

/** Scale "None / Low / Med / High" of the standard's appendix A. */
function confidenceOf(value: unknown): Confidence | undefined {
  if (typeof value !== "number" || value < 0 || value > 100) return undefined;
  if (value === 0) return "none";
  if (value < 30) return "low";
  return value < 70 ? "medium" : "high";
}

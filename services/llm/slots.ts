// Fills a slot with the value that the cited field really has. Nothing here was written by the model: it
// only names an item and a field. A value that is not what its slot says is shown as quoted data.
import { isIP } from "node:net";
import type { EcsValue } from "../../detectors/event.ts";
import type { CaseItem } from "./case.ts";
import { shownValue } from "./clean.ts";
import type { SlotType } from "./fields.ts";

const VALUES_SHOWN_MAX = 3;
/** Event ids, ports, status codes, NT status, ATT&CK techniques, levels of rules. */
const CODE =
  /^(?:[a-z]{0,4}[-.]?\d{1,10}(?:\.\d{1,4})?|0x[\da-f]{1,16}|informational|low|medium|high|critical)$/i;
const PSEUDONYM = /^(?:konto|admin|dienst)-[0-9a-z]{10}$/;

export interface FilledSlot {
  /** `value`: shown as quoted data, whatever the model asked for. */
  readonly type: SlotType;
  readonly value: string;
}

/** @param value what the cited field holds; undefined when it holds nothing that can be shown */
export function fillSlot(
  slot: SlotType,
  item: CaseItem,
  value: EcsValue,
  timeZone: string,
): FilledSlot | undefined {
  const values = [value].flat().slice(0, VALUES_SHOWN_MAX);
  const texts = values.map((one) => typedText(slot, item, one, timeZone));
  const typed = texts.filter((text) => text !== undefined);
  if (typed.length > 0 && typed.length === values.length) {
    return { type: slot, value: typed.join(", ") };
  }
  const quoted = values.map((one) => shownValue(String(one)).trim()).filter((text) => text !== "");
  return quoted.length === 0 ? undefined : { type: "value", value: quoted.join(", ") };
}

function typedText(
  slot: SlotType,
  item: CaseItem,
  value: string | number | boolean,
  timeZone: string,
): string | undefined {
  switch (slot) {
    case "time":
      return typeof value === "number" && Number.isFinite(value)
        ? timeText(value, timeZone)
        : undefined;
    case "address":
      return typeof value === "string" && isIP(value) !== 0 ? value : undefined;
    case "count":
      return /^\d{1,15}$/.test(String(value)) ? Number(value).toLocaleString("de-DE") : undefined;
    case "code":
      return CODE.test(String(value)) ? String(value) : undefined;
    case "pseudonym":
      return PSEUDONYM.test(String(value)) ? String(value) : undefined;
    case "rule":
      return item.kind === "finding" ? shownValue(String(value)) : undefined;
    case "value":
      return undefined;
  }
}

/** As German readers write it, to the second. */
export function timeText(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat("de-DE", {
    timeZone,
    dateStyle: "medium",
    timeStyle: "medium",
  }).format(ms);
}

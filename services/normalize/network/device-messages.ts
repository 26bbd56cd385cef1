// Messages of network devices are sentences with values in them. A table of patterns takes the values
// out under names that all devices share, and adds what the sentence means.
import { setField } from "../field-table.ts";

/** What a message is about; decides its ECS category (device-document.ts) and its Sigma log source. */
export type DeviceKind =
  | "traffic"
  | "authentication"
  | "vpn"
  | "command"
  | "configuration"
  | "account"
  | "threat"
  | "interface"
  | "system"
  | "web"
  | "malware"
  | "email";

/** What a message means besides the values that stand in it. */
export interface DeviceMeaning {
  readonly kind?: DeviceKind;
  readonly action?: string;
  readonly outcome?: "success" | "failure";
  /** ECS event.type. */
  readonly phase?: "start" | "end" | "allowed" | "denied" | "change" | "creation" | "deletion";
  /** For rules of the category firewall: whether a packet was let through. */
  readonly blocked?: "true" | "false";
}

/** A sentence: named groups become fields. Every repeat of a pattern has a limit. */
export interface DeviceMessage {
  readonly pattern: RegExp;
  readonly meaning?: DeviceMeaning;
}

/** Longest part of a message that patterns look at, in UTF-16 units. */
const MESSAGE_CHARACTERS_MAX = 2000;

/** Fields of the first sentence that fits, put into the record; false when none does. */
export function readDeviceMessage(
  text: string,
  messages: readonly DeviceMessage[],
  record: Record<string, unknown>,
): boolean {
  const part = text.length > MESSAGE_CHARACTERS_MAX ? text.slice(0, MESSAGE_CHARACTERS_MAX) : text;
  for (const { pattern, meaning } of messages) {
    const match = pattern.exec(part);
    if (match === null) continue;
    if (meaning !== undefined) Object.assign(record, meaning);
    for (const name in match.groups) {
      const value = match.groups[name];
      if (value !== undefined && value !== "") setField(record, name, value);
    }
    return true;
  }
  return false;
}

/** What "let through" and "kept out" mean for a packet. */
export const ALLOWED: DeviceMeaning = {
  kind: "traffic",
  action: "permit",
  outcome: "success",
  phase: "allowed",
  blocked: "false",
};
export const DENIED: DeviceMeaning = {
  kind: "traffic",
  action: "deny",
  outcome: "failure",
  phase: "denied",
  blocked: "true",
};
/** Sign-ins, whether to the device itself or through it. */
export const SIGNED_IN: DeviceMeaning = {
  kind: "authentication",
  action: "login",
  outcome: "success",
  phase: "start",
};
export const SIGN_IN_FAILED: DeviceMeaning = {
  kind: "authentication",
  action: "login",
  outcome: "failure",
  phase: "start",
};
export const SIGNED_OUT: DeviceMeaning = {
  kind: "authentication",
  action: "logout",
  outcome: "success",
  phase: "end",
};

const LETS_THROUGH = /^(?:accept|allow|pass|permit|success|forward|encrypt|decrypt)/i;
const KEEPS_OUT = /^(?:block|den|drop|reject|reset|prevent|discard|fail)/i;

/** What a device's word for what it did to a packet means; nothing when the word says neither. */
export function verdictOf(word: string): DeviceMeaning {
  if (LETS_THROUGH.test(word)) return { outcome: "success", phase: "allowed", blocked: "false" };
  if (KEEPS_OUT.test(word)) return { outcome: "failure", phase: "denied", blocked: "true" };
  return {};
}

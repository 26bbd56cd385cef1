// What an address has to look like in a channel, and whether one is needed at all.
import type { ChannelConfig } from "../../../config/paging-channels.ts";

interface AddressForm {
  /** As an example that speaks in any language. */
  readonly example: string;
  readonly pattern: RegExp;
  readonly isNeeded: boolean;
}

/** International, so that an answer's number can be compared with it; as `plainAddress` gives it. */
const TELEPHONE: AddressForm = {
  example: "+491701234567",
  pattern: /^\+[1-9]\d{6,14}$/,
  isNeeded: true,
};
const MAIL: AddressForm = {
  example: "name@kreis.example",
  pattern: /^[^\s<>,;:"()[\]@\\]+@[^\s<>,;:"()[\]@\\]+$/,
  isNeeded: true,
};
const MATRIX: AddressForm = {
  example: "@name:kreis.example, !raum:kreis.example, #raum:kreis.example",
  pattern: /^[@!#][^\s:]+:[^\s]+$/,
  isNeeded: true,
};
const TOPIC: AddressForm = {
  example: "bereitschaft-a7f2",
  pattern: /^[-_A-Za-z0-9]{1,64}$/,
  isNeeded: true,
};

/** Beside the one that lies in the webhook. */
const MATTERMOST: AddressForm = {
  example: "soc, @name",
  pattern: /^@?[a-z0-9][a-z0-9._-]{0,63}$/,
  isNeeded: false,
};

/** Kinds in which people write numbers. */
const NUMBERS = new Set<ChannelConfig["kind"]>(["sms_http", "gammu"]);

/** An address without what the channel leaves out of it, so that two can be compared. */
export function plainAddress(to: string, { kind }: ChannelConfig): string {
  return NUMBERS.has(kind) ? to.replace(/[\s()/.-]/g, "").replace(/^00(?=[1-9])/, "+") : to;
}

/** The form of addresses in a channel; undefined where it has one receiver. */
export function addressForm(channel: ChannelConfig): AddressForm | undefined {
  switch (channel.kind) {
    case "mail":
      return MAIL;
    case "matrix":
      return MATRIX;
    case "sms_http":
    case "gammu":
      return TELEPHONE;
    case "ntfy":
      return { ...TOPIC, isNeeded: channel.topic === undefined };
    case "mattermost":
      return MATTERMOST;
    case "webhook":
    case "teams":
    case "syslog":
    case "goalert":
      return undefined;
  }
}

// What an address has to look like in a channel, and whether one is needed at all.
import type { ChannelConfig } from "../../../config/paging-channels.ts";

interface AddressForm {
  /** As an example that speaks in any language. */
  readonly example: string;
  readonly pattern: RegExp;
  readonly isNeeded: boolean;
}

/** International, so that an answer's number can be compared with it. */
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
    case "webhook":
    case "teams":
    case "mattermost":
    case "syslog":
    case "goalert":
      return undefined;
  }
}

// What switches report in sentences that many makers have nearly alike: ports, sign-ins, configuration,
// spanning tree, moving MAC addresses, 802.1X.
import {
  type DeviceMeaning,
  type DeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
} from "./device-messages.ts";

const PORT = "(?<interface>[A-Za-z-]{0,30}\\d[\\w/.:]{0,31})";
const MAC =
  "(?<src_mac>(?:[\\da-fA-F]{2}[:-]){5}[\\da-fA-F]{2}|[\\da-fA-F]{4}\\.[\\da-fA-F]{4}\\.[\\da-fA-F]{4}|[\\da-fA-F]{6}-?[\\da-fA-F]{6})";
// The account ends where its characters end, so that nothing is tried twice.
const USER = "['\"]?(?<user>(?:[\\w.$-]{1,64}\\\\)?[\\w.@$-]{1,128})(?![\\w.@$-])['\"]?";
const ADDRESS = "(?<src_ip>(?:\\d{1,3}\\.){3}\\d{1,3}|[\\da-fA-F]{0,4}:[\\da-fA-F:]{2,40})";
const PORT_LOGIN: DeviceMeaning = { ...SIGNED_IN, action: "port-authentication" };
const PORT_LOGIN_FAILED: DeviceMeaning = { ...SIGN_IN_FAILED, action: "port-authentication" };

/** The first that fits counts. */
export const SWITCH_MESSAGES: readonly DeviceMessage[] = [
  {
    pattern: new RegExp(
      `^port ${PORT} is now (?:on-line|up)|^Link status for interface ${PORT} is up`,
      "i",
    ),
    meaning: { kind: "interface", action: "port-up", phase: "change" },
  },
  {
    pattern: new RegExp(
      `^port ${PORT} is now (?:off-line|down)|^Link status for interface ${PORT} is down`,
      "i",
    ),
    meaning: { kind: "interface", action: "port-down", phase: "change" },
  },
  {
    pattern: new RegExp(`BPDU.{0,120}\\bport:? ${PORT}|\\bport:? ${PORT}.{0,60}BPDU`, "i"),
    meaning: { kind: "threat", action: "bpdu-guard", phase: "denied" },
  },
  {
    pattern: new RegExp(
      `(?:^port |\\bport )${PORT}.{0,20} (?:is Blocked by|blocked by|state changed|is now).{0,20}STP|topology change.{0,80}\\bport ${PORT}`,
      "i",
    ),
    meaning: { kind: "interface", action: "stp-change", phase: "change" },
  },
  {
    pattern: new RegExp(`${MAC}.{0,60}\\bmoved? .{0,40}?from (?:port )?${PORT}`, "i"),
    meaning: { kind: "interface", action: "mac-move", phase: "change" },
  },
  {
    pattern: new RegExp(
      `(?:intrusion|violation|unauthori[sz]ed (?:address|MAC)).{0,120}?${MAC}(?:.{0,80}?\\bport:? ${PORT})?|\\bport:? ${PORT}.{0,60}?(?:intrusion|violation|unauthori[sz]ed).{0,60}?${MAC}`,
      "i",
    ),
    meaning: {
      kind: "threat",
      action: "port-security-violation",
      outcome: "failure",
      phase: "denied",
    },
  },
  {
    pattern: new RegExp(
      `^(?=.{0,200}(?:fail|reject|denied))(?=.{0,200}(?:802\\.1x|port-access|mac-auth|client)).{0,160}?${MAC}(?:.{0,80}?\\b(?:port|interface):? ${PORT})?`,
      "i",
    ),
    meaning: PORT_LOGIN_FAILED,
  },
  {
    pattern: new RegExp(
      `^(?=.{0,200}(?:authenticated|success))(?=.{0,200}(?:802\\.1x|port-access|mac-auth|client)).{0,160}?${MAC}(?:.{0,80}?\\b(?:port|interface):? ${PORT})?`,
      "i",
    ),
    meaning: PORT_LOGIN,
  },
  {
    pattern: new RegExp(
      `^(?=.{0,200}(?:invalid user|invalid password|fail|denied|unsuccessful|is trying to log ?in)).{0,120}?\\buser:? (?!name)${USER}.{0,120}?(?:\\bfrom:? |IP:? |\\()${ADDRESS}`,
      "i",
    ),
    meaning: SIGN_IN_FAILED,
  },
  {
    pattern: new RegExp(
      `\\buser:? (?!name)${USER}.{0,40}? logged out.{0,120}?(?:from:? ${ADDRESS})?$`,
      "i",
    ),
    meaning: SIGNED_OUT,
  },
  {
    pattern: new RegExp(
      `\\buser:? (?!name)${USER}.{0,40}? (?:logged in|login).{0,120}?(?:\\bfrom:? |IP:? |\\()${ADDRESS}`,
      "i",
    ),
    meaning: SIGNED_IN,
  },
  {
    pattern: new RegExp(`^SME (?<service>\\w{2,10}) from ${ADDRESS} - \\w{4,12} Mode`),
    meaning: SIGNED_IN,
  },
  {
    pattern: new RegExp(
      `^(?=.{0,200}config)(?=.{0,200}(?:chang|modif|written|saved|copied|updated|checkpoint)).{0,160}?\\buser:? (?!name)${USER}`,
      "i",
    ),
    meaning: { kind: "configuration", action: "configured", outcome: "success", phase: "change" },
  },
  { pattern: new RegExp(`\\buser(?:name)?(?:: ?| ?= ?| (?=['"]))${USER}`, "i") },
];

// What ESXi and vCenter say about sign-ins, shells, services, accounts and machines, in the words of their
// events. Both write the same sentences: ESXi behind `Event 616 :`, vCenter in the last brackets.
import {
  type DeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
} from "../network/device-messages.ts";

// KREIS\emustermann@10.1.2.3; names may hold @ themselves, so the address stands last.
const WHO = String.raw`(?<user>[^\s'"]{1,200})@(?<source>[\da-fA-F.:]{2,45})`;

const say = (pattern: string, meaning: NonNullable<DeviceMessage["meaning"]>): DeviceMessage => ({
  pattern: new RegExp(pattern),
  meaning,
});

/** Sentences of both. */
export const VMWARE_MESSAGES: readonly DeviceMessage[] = [
  say(`User ${WHO} logged in(?: as (?<agent>[^)\\]]{1,300}))?`, SIGNED_IN),
  say(`User ${WHO} logged out`, SIGNED_OUT),
  say(`User ${WHO} failed to log in`, SIGN_IN_FAILED),
  say(`Cannot login (?:user )?${WHO}`, SIGN_IN_FAILED),
  say(String.raw`Cannot login (?:user )?(?<user>[^\s@:]{1,200})`, SIGN_IN_FAILED),
  say(
    String.raw`Rejected password for user (?<user>\S{1,200}) from (?<source>[\da-fA-F.:]{2,45})`,
    SIGN_IN_FAILED,
  ),
  say(
    String.raw`Accepted password for user (?<user>\S{1,200}) from (?<source>[\da-fA-F.:]{2,45})`,
    SIGNED_IN,
  ),
  say(`SSH session was opened for '${WHO}'`, SIGNED_IN),
  say(`SSH session was closed for '${WHO}'`, SIGNED_OUT),
  say("user account '(?<user>[^']{1,200})' has been locked", {
    kind: "authentication",
    action: "account-locked",
    outcome: "failure",
  }),
  say("SSH access has been enabled", {
    kind: "configuration",
    action: "ssh-enabled",
    phase: "change",
  }),
  say("SSH access has been disabled", {
    kind: "configuration",
    action: "ssh-disabled",
    phase: "change",
  }),
  say(
    "ESXi Shell (?:for the host )?has been enabled|ESXi command line shell (?:for the host )?has been enabled",
    {
      kind: "configuration",
      action: "shell-enabled",
      phase: "change",
    },
  ),
  say("ockdown mode .{0,60}(?:changed|disabled|enabled)", {
    kind: "configuration",
    action: "lockdown-changed",
    phase: "change",
  }),
  say("(?:irewall (?:configuration|ruleset)|Firewall) .{0,100}(?:changed|disabled|enabled)", {
    kind: "configuration",
    action: "firewall-changed",
    phase: "change",
  }),
  say(String.raw`Account (?<target_user>\S{1,200}) was created`, {
    kind: "account",
    action: "account-created",
    phase: "creation",
  }),
  say(String.raw`Account (?<target_user>\S{1,200}) was (?:removed|updated)`, {
    kind: "account",
    action: "account-changed",
    phase: "change",
  }),
  say(
    String.raw`Permission (?:created|changed|added|removed) (?:for (?<target_user>\S{1,200}) on)?`,
    {
      kind: "account",
      action: "permission-changed",
      phase: "change",
    },
  ),
  say(String.raw`^(?<machine>[^[\]:]{1,200}?) on {1,2}\S{1,200} in .{1,100} is powered off`, {
    kind: "configuration",
    action: "machine-powered-off",
    phase: "change",
  }),
  say(String.raw`^Removed (?<machine>[^[\]:]{1,200}?) on `, {
    kind: "configuration",
    action: "machine-removed",
    phase: "deletion",
  }),
];

// Which account names stand for a person, and which class an account has. Machine accounts and
// well-known system accounts stay readable: they are what detection talks about.

/** What a name stands for. `system` and `machine` are never replaced. */
export type AccountClass = "system" | "machine" | "service" | "admin" | "user";

// Names that Windows and Linux make themselves, lower case, without their domain, German and English.
const SYSTEM_ACCOUNTS = new Set(
  (
    "system|local system|localsystem|lokales system|local service|localservice|lokaler dienst|" +
    "network service|networkservice|netzwerkdienst|anonymous logon|anonymous|anonymous-anmeldung|" +
    "iusr|guest|gast|defaultaccount|wdagutilityaccount|krbtgt|nobody|root|daemon|bin|sys|sync|" +
    "www-data|apache|nginx|httpd|postfix|dovecot|mysql|postgres|sshd|cron|syslog|messagebus|" +
    "systemd-network|systemd-resolve|systemd-timesync|backup|mail|news|uucp|proxy|man|lp|games|" +
    "administrator|admin|unset|unknown|-|n/a|none|everyone|jeder|administrators|administratoren|users|benutzer|" +
    "domain admins|domänen-admins|domain users|domänen-benutzer|authenticated users|trustedinstaller"
  ).split("|"),
);
const SYSTEM_PREFIXES =
  /^(?:dwm-\d|umfd-\d|font driver host|window manager|nt service\\|nt-dienst\\)/;
const SERVICE =
  /^(?:svc|srv|service|dienst|sa|gmsa|sql|app|bot|task)[-_.]|[-_.](?:svc|service|dienst)$/;
const ADMIN = /^(?:adm|admin|da|t0|t1|t2|tier\d)[-_.]|[-_.](?:adm|admin|da)$/;

/** The class of an account name without domain. */
export function accountClass(name: string): AccountClass {
  const lower = name.trim().toLowerCase();
  if (lower === "" || SYSTEM_ACCOUNTS.has(lower) || SYSTEM_PREFIXES.test(lower)) return "system";
  if (lower.endsWith("$")) return "machine";
  if (/^\d+$/.test(lower)) return "system";
  if (ADMIN.test(lower)) return "admin";
  if (SERVICE.test(lower)) return "service";
  return "user";
}

// S-1-5-21-<domain>-<RID>: RIDs below 1000 are built-in groups and accounts (MS-DTYP 2.4.2.4).
const DOMAIN_SID = /^S-1-5-21-\d{1,10}-\d{1,10}-\d{1,10}-(\d{1,10})$/i;
const BUILT_IN_RID_MAX = 999;

/** Whether a SID stands for an account or group that somebody made (and so may be a person). */
export function isPersonalSid(sid: string): boolean {
  const match = DOMAIN_SID.exec(sid);
  return match !== null && Number(match[1]) > BUILT_IN_RID_MAX;
}

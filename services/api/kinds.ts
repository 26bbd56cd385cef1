// What the API keeps in the store: accounts, sessions, tokens, shipper keys and the set-up code. All of it
// lies in the tenant `system`, because a sign-in does not say which tenant it is for; each document names
// the tenant that it is good for.
import type { NdigClass } from "../../config/ndig.ts";
import type { Kind } from "../store/store.ts";
import type { Role, TokenScope } from "./permissions.ts";

/** Not a name that an administration can have; see config/schema.ts. */
export const SYSTEM_TENANT = "system";

export interface Account {
  readonly tenant: string;
  readonly name: string;
  readonly role: Role;
  /** PHC string. */
  readonly passwordHash: string;
  readonly passwordChangeDue: boolean;
  readonly disabled: boolean;
  /** ms UTC. */
  readonly createdAt: number;
}

/** Opaque id → account. */
export const ACCOUNT_KIND: Kind<Account> = {
  name: "account",
  fields: {
    tenant: { kind: "keyword", values: (account) => [account.tenant] },
    role: { kind: "keyword", values: (account) => [account.role] },
    disabled: { kind: "boolean", values: (account) => [account.disabled] },
    createdAt: { kind: "number", values: (account) => [account.createdAt] },
  },
};

/** Hash of the folded name → account: what makes a name unique is that this id can be created once. */
export interface AccountName {
  readonly accountId: string;
  /** ms UTC. */
  readonly claimedAt: number;
}
export const ACCOUNT_NAME_KIND: Kind<AccountName> = { name: "account_name", fields: {} };

export interface StoredSession {
  readonly accountId: string;
  readonly tenant: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** The absolute end. */
  readonly expiresAt: number;
}

/** Hash of the session's secret → session. */
export const SESSION_KIND: Kind<StoredSession> = {
  name: "session",
  fields: {
    accountId: { kind: "keyword", values: (session) => [session.accountId] },
    expiresAt: { kind: "number", values: (session) => [session.expiresAt] },
  },
};

export interface StoredToken {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly secretHash: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
}

export const TOKEN_KIND: Kind<StoredToken> = {
  name: "api_token",
  fields: {
    tenant: { kind: "keyword", values: (token) => [token.tenant] },
    createdAt: { kind: "number", values: (token) => [token.createdAt] },
  },
};

export interface StoredShipper {
  readonly tenant: string;
  readonly source: string;
  readonly format?: string | undefined;
  readonly timeZone: string;
  /** Missing in keys that were made before it was asked for. */
  readonly ndigClass?: NdigClass | undefined;
  readonly keyHash: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

export const SHIPPER_KIND: Kind<StoredShipper> = {
  name: "shipper",
  fields: {
    tenant: { kind: "keyword", values: (shipper) => [shipper.tenant] },
    createdAt: { kind: "number", values: (shipper) => [shipper.createdAt] },
  },
};

export interface StoredCalendarFeed {
  readonly tenant: string;
  /** Whose it is. */
  readonly account: string;
  /** Configured names. */
  readonly schedule: string;
  readonly person?: string | undefined;
  readonly secretHash: string;
  readonly createdAt: number;
}

export const CALENDAR_FEED_KIND: Kind<StoredCalendarFeed> = {
  name: "calendar_feed",
  fields: {
    account: { kind: "keyword", values: (feed) => [feed.account] },
    createdAt: { kind: "number", values: (feed) => [feed.createdAt] },
  },
};

/** The one-time code of the first start; there is at most one, under SETUP_ID. */
export interface SetupCode {
  readonly codeHash: string;
  readonly tenant: string;
  readonly expiresAt: number;
}
export const SETUP_KIND: Kind<SetupCode> = { name: "setup", fields: {} };
export const SETUP_ID = "first-administrator";

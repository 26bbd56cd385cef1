// What the logic of paging needs of a tenant's configuration, and who is on duty. Handed in by the wiring,
// so that all of it is pure.

import type { TenantPaging } from "../../config/paging.ts";
import type { ChannelConfig } from "../../config/paging-channels.ts";

export interface PagingSetup {
  readonly tenant: string;
  /** The administration's name. */
  readonly tenantName: string;
  /** IANA zone of quiet hours, digest and test pages. */
  readonly timeZone: string;
  /** Of pages to rooms and systems; people have their own. */
  readonly language: "de" | "en";
  readonly paging: TenantPaging;
  readonly channels: Readonly<Record<string, Pick<ChannelConfig, "leavesHouse" | "timeoutMs">>>;
  /** Configured person on duty in a schedule at a moment, ms UTC; undefined: nobody. */
  readonly onDuty: (schedule: string, at: number) => string | undefined;
}

/** What opening needs: it only writes down that and when something is due. */
export type OpeningSetup = Pick<PagingSetup, "paging" | "timeZone">;

// What the test tells the process that runs the stage, and what that one tells back. The clock is the test's:
// it stands still until the test moves it.
import type { Level } from "../../detectors/detector.ts";
import type { Finding } from "../../services/store/finding.ts";
import type { FindingPaging } from "../../services/store/paging.ts";
import type { PeerAddresses } from "./settings.ts";

export interface Raised {
  readonly number: number;
  readonly level: Level;
  /** When its event happened, ms UTC. */
  readonly at: number;
}

/** `at`: the test's time; `aheadMs`: how far the wall clock of the machine goes wrong. */
export interface Clock {
  readonly at: number;
  readonly aheadMs: number;
}

export type Command =
  | {
      readonly kind: "start";
      readonly dataDir: string;
      readonly addresses: PeerAddresses;
      readonly clock: Clock;
    }
  /** Moves the clock and nothing else. */
  | { readonly kind: "clock"; readonly clock: Clock }
  /** Looks for what is due and answers when nothing is at work any more. */
  | { readonly kind: "tick"; readonly clock: Clock }
  | { readonly kind: "raise"; readonly raised: Raised }
  | { readonly kind: "acknowledge"; readonly finding: string; readonly person: string }
  | { readonly kind: "close"; readonly finding: string }
  | {
      readonly kind: "faults";
      readonly isStoreAway: boolean;
      /** Hosts that no DNS knows. */
      readonly unknownHosts: readonly string[];
    }
  | { readonly kind: "read" };

export interface Ticked {
  /** When something is due next, as far as the store says. */
  readonly nextDueAt: number | undefined;
}

export type KeptFinding = Pick<Finding, "id" | "score" | "status"> & {
  readonly paging: FindingPaging | undefined;
};

export type Message =
  | { readonly kind: "done"; readonly number: number; readonly result: unknown }
  | { readonly kind: "failed"; readonly number: number; readonly reason: string }
  /** What stands in the store now. */
  | { readonly kind: "changed"; readonly finding: KeptFinding; readonly at: number };

// What the parts of this process say of themselves beside their figures. It is stored with the state of the
// process, so that whoever shows the state knows it of all processes.

/** Filled by those who start the parts. */
export interface SelfReport {
  /** Findings of a tenant that can't be paged about because of a fault of the program. */
  stuckPages?: (tenant: string) => number;
  /** Milliseconds since a watchdog asked for the heartbeat; undefined: none has. */
  watchdogAskedAgoMs?: () => number | undefined;
}

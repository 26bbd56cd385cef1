// Two settings of V8's heap for a process through which events flow: what comes and goes quickly is to be
// given back quickly. Their names are V8's own (`node --v8-options`); neither can be given in NODE_OPTIONS.
import { setFlagsFromString } from "node:v8";

/** Process-wide; call it before the first event. */
export function setHeapFlags(): void {
  // One event of eight is remembered for a while. V8 concludes that all objects of that line of code live long
  // and makes them among the old ones at once, and what an old object holds can't be given back by the fast
  // collection: 60 % of all that was parsed waited for the slow one, 7 % with this.
  setFlagsFromString("--no-allocation-site-pretenuring");
  // Without it, every 64 MiB of buffers, however short-lived, begin a slow collection of the whole heap; with it,
  // buffers count as what they are beside the heap's own size.
  setFlagsFromString("--external-memory-accounted-in-global-limit");
}

// A TCP proxy before a real server that catches one request by a text in it: to keep it back while its sender
// goes on without it, or to swallow its answer.
import { once } from "node:events";
import { createServer, connect as dial, type Socket } from "node:net";

export interface FaultProxy {
  readonly url: string;
  /**
   * Keeps back the next request that holds `text` (ASCII), even when its sender goes away, until `release`.
   * Resolves when it is caught.
   */
  readonly hold: (text: string) => Promise<void>;
  /** Lets the next such request through but not its answer, and then nobody in until `release`. */
  readonly swallowAnswer: (text: string) => Promise<void>;
  readonly release: () => void;
  readonly close: () => Promise<void>;
}

interface Trap {
  readonly text: string;
  readonly kind: "hold" | "swallow";
  readonly caught: () => void;
}

export async function openFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const held: (() => void)[] = [];
  let trap: Trap | undefined;
  let isShut = false;
  const server = createServer((incoming) => {
    if (isShut) {
      incoming.destroy();
      return;
    }
    const outgoing = dial(Number(port), hostname);
    open.add(incoming).add(outgoing);
    let seen = "";
    let holding: Buffer[] | undefined;
    let swallowed: Trap | undefined;
    incoming.on("data", (chunk: Buffer) => {
      if (holding !== undefined) {
        holding.push(chunk);
        return;
      }
      seen = (seen + chunk.toString("latin1")).slice(-1_000_000);
      if (trap === undefined || !seen.includes(trap.text)) {
        outgoing.write(chunk);
        return;
      }
      const { kind, caught } = trap;
      if (kind === "swallow") {
        swallowed = trap;
        outgoing.write(chunk);
      } else {
        const kept = [chunk];
        holding = kept;
        held.push(() => {
          holding = undefined;
          outgoing.write(Buffer.concat(kept));
        });
        caught();
      }
      trap = undefined;
    });
    outgoing.on("data", (chunk) => {
      seen = "";
      if (swallowed === undefined) {
        incoming.write(chunk);
        return;
      }
      isShut = true;
      incoming.destroy();
      swallowed.caught();
    });
    incoming.on("error", () => undefined);
    outgoing.on("error", () => incoming.destroy());
    incoming.on("close", () => {
      open.delete(incoming);
      if (holding === undefined) outgoing.destroy();
    });
    outgoing.on("close", () => {
      open.delete(outgoing);
      incoming.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  const set = (kind: Trap["kind"], text: string) =>
    new Promise<void>((resolve) => {
      trap = { kind, text, caught: resolve };
    });
  return {
    url: `http://127.0.0.1:${address.port}`,
    hold: (text) => set("hold", text),
    swallowAnswer: (text) => set("swallow", text),
    release: () => {
      isShut = false;
      for (const go of held.splice(0)) go();
    },
    close: async () => {
      isShut = true;
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

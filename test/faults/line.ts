// A TCP line before a server that can break: cut (what is open ends, what comes is turned away), held (nothing
// passes, nobody is told), or half-open (what is open is dead for good without a word, what comes passes).
import { once } from "node:events";
import { createServer, connect as dial, type Socket } from "node:net";

export interface Line {
  readonly port: number;
  cut(): void;
  hold(): void;
  /** What is open now stays silent for ever; further connections pass. */
  halfOpen(): void;
  /** Ends a cut or a hold. */
  restore(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly incoming: Socket;
  readonly outgoing: Socket;
}

/** @param port that it listens on. @param targetPort of the server, both on loopback */
export async function openLine(port: number, targetPort: number): Promise<Line> {
  const live = new Set<Pair>();
  const dead = new Set<Pair>();
  let state: "passing" | "cut" | "held" = "passing";
  const server = createServer((incoming) => {
    if (state === "cut") {
      incoming.destroy();
      return;
    }
    const pair: Pair = { incoming, outgoing: dial(targetPort, "127.0.0.1") };
    live.add(pair);
    for (const socket of [pair.incoming, pair.outgoing]) {
      socket.setNoDelay(true);
      socket.on("error", () => endPair(pair));
      socket.on("close", () => {
        live.delete(pair);
        dead.delete(pair);
        endPair(pair);
      });
    }
    if (state === "passing") join(pair);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    state = "cut";
    for (const pair of live) endPair(pair);
  };
  return {
    port,
    cut,
    hold() {
      state = "held";
      for (const pair of live) part(pair);
    },
    halfOpen() {
      for (const pair of live) {
        part(pair);
        live.delete(pair);
        dead.add(pair);
      }
    },
    restore() {
      if (state === "held") for (const pair of live) join(pair);
      state = "passing";
    },
    async close() {
      cut();
      for (const pair of dead) endPair(pair);
      server.close();
      await once(server, "close");
    },
  };
}

function join({ incoming, outgoing }: Pair): void {
  incoming.pipe(outgoing);
  outgoing.pipe(incoming);
}

function part({ incoming, outgoing }: Pair): void {
  incoming.unpipe(outgoing);
  outgoing.unpipe(incoming);
  incoming.pause();
  outgoing.pause();
}

function endPair({ incoming, outgoing }: Pair): void {
  incoming.destroy();
  outgoing.destroy();
}

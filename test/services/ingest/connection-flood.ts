// A flood of connections against a syslog listener, for the tests: a short one and one of 10,000.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { openSyslogInput } from "../../../services/ingest/syslog.ts";
import { until } from "./memory-bus.ts";
import { dial, FIREWALL, openInput } from "./network-setup.ts";

/** Resolves when a socket is closed, for whatever reason. */
export const closed = (socket: Socket) => new Promise((resolve) => socket.on("close", resolve));

/** Half of what the process may open: each connection has two ends here. */
export function connectionsPossible(wanted: number): number {
  const report: unknown = process.report.getReport();
  const limit = /"open_files":\{"soft":(\d+)/.exec(JSON.stringify(report))?.[1];
  return Math.min(wanted, Math.floor((Number(limit ?? 1024) - 400) / 2));
}

/** Opens so many connections where few are allowed: those are served, and there is room again afterwards. */
export async function survivesFlood(attempts: number): Promise<void> {
  const allowed = 50;
  await using input = await openInput("syslog", openSyslogInput, {
    protocol: "tcp",
    binding: FIREWALL,
    connectionsMax: allowed,
    connectionsPerSenderMax: 1_000_000,
  });
  const good = await dial(input.port);
  const all: Socket[] = [];
  for (let at = 0; at < attempts; at += 500) {
    const some = Array.from({ length: Math.min(500, attempts - at) }, () => {
      const socket = connect(input.port, "127.0.0.1");
      socket.on("error", () => socket.destroy());
      return socket.resume();
    });
    await Promise.all(
      some.map((socket) => Promise.race([once(socket, "connect"), closed(socket)])),
    );
    all.push(...some);
  }
  const refused = attempts + 1 - allowed;
  await until(async () => (await input.count("rejected", "connections")) === refused);
  good.write("<1>trotzdem\n");
  await until(() => input.bus.taken.length === 1);
  await until(() => all.filter((socket) => !socket.destroyed).length === allowed - 1);
  for (const socket of [...all, good]) socket.destroy();
  // When they are gone, there is room again.
  await until(async () => {
    const next = await dial(input.port);
    next.write("<1>danach\n");
    await Promise.race([closed(next), until(() => input.bus.taken.length > 1)]);
    next.destroy();
    return input.bus.taken.length > 1;
  });
}

// How many connections one address may have at a time, for the HTTP input and all listeners.
import type { Socket } from "node:net";

/** @returns whether a new connection is within the limit; it counts until it is closed */
export function createAdmission(connectionsPerSenderMax: number): (socket: Socket) => boolean {
  const counts = new Map<string, number>();
  return (socket) => {
    const address = socket.remoteAddress ?? "";
    const count = counts.get(address) ?? 0;
    if (count >= connectionsPerSenderMax) return false;
    counts.set(address, count + 1);
    socket.once("close", () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
    return true;
  };
}

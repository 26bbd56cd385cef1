// Live changes of findings by server-sent events. The browser reconnects by itself; what was missed in
// between is fetched by the screens when the connection is back.
import { useEffect, useRef, useState } from "react";
import type { FindingRow } from "./contract.ts";

/**
 * Listens to changed findings and hands them on in batches, newest version per id.
 * `onReconnect` is called when the connection is back after a loss.
 * @returns whether the connection stands
 */
export function useLiveFindings(
  batchMs: number,
  onChanges: (changes: ReadonlyMap<string, FindingRow>) => void,
  onReconnect: () => void,
): boolean {
  const [live, setLive] = useState(false);
  const handler = useRef({ onChanges, onReconnect });
  useEffect(() => {
    handler.current = { onChanges, onReconnect };
  });
  useEffect(() => {
    const pending = new Map<string, FindingRow>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const changes = new Map(pending);
      pending.clear();
      handler.current.onChanges(changes);
    };
    const source = new EventSource("/api/v1/stream");
    let opened = false;
    source.onopen = () => {
      setLive(true);
      if (opened) handler.current.onReconnect();
      opened = true;
    };
    source.onerror = () => setLive(false);
    source.addEventListener("finding", (event: MessageEvent<string>) => {
      // The server writes rows of its own schema only; nobody else can write to this stream.
      const row = JSON.parse(event.data) as FindingRow;
      pending.set(row.id, row);
      timer ??= setTimeout(flush, batchMs);
    });
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [batchMs]);
  return live;
}

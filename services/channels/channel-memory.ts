// What a channel remembers over a restart: one small text. Where it lies is up to whoever opens the channel.
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

const TEXT_BYTES_MAX = 1_000_000;

export interface ChannelMemory {
  /** Undefined where nothing has been written. */
  read(): Promise<string | undefined>;
  /** Resolves when it is durable. */
  write(text: string): Promise<void>;
}

/** In a file of its own, replaced as a whole. */
export function fileMemory(path: string): ChannelMemory {
  return {
    async read() {
      try {
        const text = await readFile(path, "utf8");
        return text.length > TEXT_BYTES_MAX ? undefined : text;
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    async write(text) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const next = `${path}.next`;
      const file = await open(next, "w", 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(next, path);
    },
  };
}

/** For as long as the process lives. */
export function volatileMemory(): ChannelMemory {
  let kept: string | undefined;
  return {
    async read() {
      return kept;
    },
    async write(text) {
      kept = text;
    },
  };
}

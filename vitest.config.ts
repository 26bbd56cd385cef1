// The suites: "unit" needs no server and no browser; the others start what they test against.
import { defineConfig } from "vitest/config";

const suite = (name: string, include: string[], exclude: string[] = [], extra = {}) => ({
  test: { name, include, exclude, ...extra },
});
const slow = { testTimeout: 1_800_000, hookTimeout: 600_000, fileParallelism: false };

export default defineConfig({
  test: {
    maxWorkers: "100%",
    projects: [
      suite(
        "unit",
        ["test/**/*.test.ts"],
        [
          "test/**/*.servers.test.ts",
          "test/**/*.browser.test.ts",
          "test/**/*.slow.test.ts",
          "test/**/*.tensorflow.test.ts",
        ],
        { testTimeout: 600_000, hookTimeout: 300_000 },
      ),
      suite("servers", ["test/**/*.servers.test.ts"], [], {
        ...slow,
        globalSetup: "test/servers/global-setup.ts",
      }),
      suite("browser", ["test/**/*.browser.test.ts"], [], slow),
      suite("slow", ["test/**/*.slow.test.ts"], [], slow),
      // Asked for by hand, where the native backend was provisioned.
      suite("tensorflow", ["test/**/*.tensorflow.test.ts"], [], slow),
    ],
  },
});

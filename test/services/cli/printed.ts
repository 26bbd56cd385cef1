// What commands print while a test runs: caught in place of the terminal.
import { afterEach, beforeEach, vi } from "vitest";

/** Catches standard output in every test of a file; mocks, environment and exit code end with the test. */
export function catchPrinted(): { text: string } {
  const printed = { text: "" };
  beforeEach(() => {
    printed.text = "";
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      printed.text += String(chunk);
      return true;
    });
  });
  afterEach(() => {
    process.exitCode = undefined;
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return printed;
}

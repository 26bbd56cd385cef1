// Ctrl-C and the service manager's stop: the first asks for an orderly end, a second one while that
// lasts ends the process at once.

/** Resolves at SIGINT or SIGTERM. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      for (const one of ["SIGINT", "SIGTERM"] as const) {
        process.removeListener(one, stop);
        process.once(one, () => process.exit(130));
      }
      resolve(signal);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

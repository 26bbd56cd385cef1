// What to do when a port can't be listened on.

/** How to mend what the system says when a port can't be listened on. */
export function mendOfListening(cause: unknown): { readonly mend?: string } {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE") return { mend: "name another port, or end what listens there" };
  if (code === "EADDRNOTAVAIL") return { mend: "name an address of this machine as host" };
  if (code !== "EACCES") return {};
  return { mend: "ports below 1024 need a right of their own: name a higher one" };
}

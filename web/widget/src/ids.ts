/** Names that nobody else makes. */

/** 128 random bits as 32 hexadecimal digits; works on pages without https too. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The person that a token names, read without checking it: only the server's word counts. */
export function subject(token: string): string {
  try {
    const body = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    return String((JSON.parse(atob(body)) as { sub?: unknown }).sub ?? "");
  } catch {
    return "";
  }
}

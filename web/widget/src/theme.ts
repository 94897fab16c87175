/** Light or dark, as the page or the person's system says. */

import type { Theme } from "./options";

/** Calls `apply` now and whenever the system changes its mind; the answer ends it. */
export function watchTheme(theme: Theme, apply: (theme: "light" | "dark") => void): () => void {
  if (theme !== "auto") {
    apply(theme);
    return () => undefined;
  }
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const update = () => apply(dark.matches ? "dark" : "light");
  update();
  dark.addEventListener("change", update);
  return () => dark.removeEventListener("change", update);
}

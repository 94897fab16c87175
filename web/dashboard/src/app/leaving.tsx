/** Asks before a page is left whose changes are not saved: by a link, by the browser's buttons, or by closing the tab. */
import { useLayoutEffect, useSyncExternalStore } from "react";
import type { AroundNavHandler } from "wouter";
import { Button } from "../ui/basics";
import { Dialog } from "../ui/Dialog";
import { leaving as words } from "../words/common";

type Going = (() => void) | null;

let unsaved = false;
let asked: Going = null;
const listeners = new Set<() => void>();

function ask(going: Going): void {
  asked = going;
  for (const listener of listeners) listener();
}

/** Handed to the router: what navigates inside the dashboard passes here. */
export const aroundNav: AroundNavHandler = (navigate, to, options) => {
  const leaves = new URL(to, location.href).pathname !== location.pathname;
  if (unsaved && leaves) ask(() => navigate(to, options));
  else navigate(to, options);
};

/** Where the shown page stands in the browser's history; browsers without this are taken to go back. */
const place = (): number => (window as { navigation?: { currentEntry?: { index: number } } }).navigation?.currentEntry?.index ?? 0;

/** The page with unsaved changes, and where it stands. */
let from = { path: "", place: 0 };
let returning: Going = null;

// Before the router listens, which is when the first page is drawn: it must not hear of what is taken back.
window.addEventListener("popstate", (event) => {
  if (returning) {
    event.stopImmediatePropagation();
    ask(returning);
    returning = null;
  } else if (unsaved && location.pathname !== from.path) {
    // The browser is there already: back to the page, and then the question.
    event.stopImmediatePropagation();
    const steps = place() - from.place || -1;
    returning = () => history.go(steps);
    history.go(-steps);
  }
});

/** While `active`, whoever leaves the page is asked first. */
export function useUnsaved(active: boolean): void {
  useLayoutEffect(() => {
    if (!active) return undefined;
    unsaved = true;
    from = { path: location.pathname, place: place() };
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", onUnload);
    return () => {
      unsaved = false;
      window.removeEventListener("beforeunload", onUnload);
    };
  }, [active]);
}

/** The question; it stands above whatever page is shown. */
export function LeaveDialog() {
  const going = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked,
  );
  if (!going) return null;
  const leave = () => {
    unsaved = false;
    ask(null);
    going();
  };
  return (
    <Dialog title={words.title} role="alertdialog" onClose={() => ask(null)}>
      <div className="body"><p>{words.text}</p></div>
      <footer>
        <Button onClick={() => ask(null)}>{words.stay}</Button>
        <Button kind="danger" onClick={leave}>{words.leave}</Button>
      </footer>
    </Dialog>
  );
}

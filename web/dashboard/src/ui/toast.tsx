/** Short words in the corner that tell that something worked. */
import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { actions } from "../words/common";

interface Toast {
  id: number;
  text: string;
}

let shown: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(toasts: readonly Toast[]): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

export function toast(text: string): void {
  const id = next++;
  set([...shown.slice(-2), { id, text }]);
  setTimeout(() => set(shown.filter((one) => one.id !== id)), 6_000);
}

export function Toasts() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text }) => (
        <div className="toast" key={id}>
          <span className="grow">{text}</span>
          <button type="button" aria-label={actions.dismiss} onClick={() => set(toasts.filter((one) => one.id !== id))}><X aria-hidden /></button>
        </div>
      ))}
    </div>
  );
}

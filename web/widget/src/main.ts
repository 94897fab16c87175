/** The script that a page loads: starts by itself if its tag says where the server is. */

import { fromScript, type Options } from "./options";
import { Widget } from "./widget";

const api = {
  /** The messenger of this page, once there is one. */
  widget: null as Widget | null,

  /** Put a messenger into the page; an earlier one is taken out. */
  init(options: Options): Widget {
    api.widget?.destroy();
    api.widget = new Widget(options);
    return api.widget;
  },
};

declare global {
  interface Window {
    RasaProactive: typeof api;
  }
}

window.RasaProactive = api;

const script = document.currentScript;
const options = script instanceof HTMLScriptElement ? fromScript(script.dataset) : null;

function begin(): void {
  if (options) {
    api.init(options);
  }
  window.dispatchEvent(new CustomEvent("rasa-proactive:ready", { detail: api }));
}

if (document.body) {
  begin();
} else {
  document.addEventListener("DOMContentLoaded", begin, { once: true });
}

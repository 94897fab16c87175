/** One messenger in a page: what the page can do with it. */

import { h, render } from "preact";
import { brandVariables } from "./colour";
import { Connection } from "./connection";
import { Emitter, type Events } from "./emitter";
import { completed, type Options } from "./options";
import type { Action, State } from "./state";
import { Memory } from "./storage";
import { Store } from "./store";
import styles from "./styles";
import { App } from "./ui/App";
import { watchTheme } from "./theme";
import { Speaker } from "./words";

export class Widget {
  private host = document.createElement("div");
  private root: ShadowRoot;
  private store: Store;
  private memory: Memory;
  private connection: Connection;
  private events = new Emitter();
  private endings: (() => void)[] = [];

  constructor(given: Options) {
    const page = { lang: document.documentElement.lang, browser: navigator.language };
    const options = completed(given, page);
    this.memory = new Memory(options.server);
    this.store = new Store(this.memory.open);
    this.store.state.dismissed = this.memory.dismissed;
    this.connection = new Connection(options, this.store, this.memory);
    this.root = this.mount(options.color);
    this.endings.push(watchTheme(options.theme ?? "auto", (theme) => (this.host.dataset.theme = theme)));
    this.draw(options, new Speaker(options.locale, options.words));
    this.endings.push(this.store.subscribe((state, action) => this.follow(state, action)));
    void this.connection.start();
  }

  open = (): void => {
    if (!this.store.state.open) {
      this.store.dispatch({ type: "opened" });
    }
  };

  close = (): void => {
    if (this.store.state.open) {
      this.store.dispatch({ type: "closed" });
    }
  };

  /** Go on as the person of this token, or as nobody in particular (null). */
  setToken = (token: string | null): void => {
    this.connection.setToken(token);
  };

  /** Take everything out of the page again. */
  destroy = (): void => {
    this.connection.end();
    clearTimeout(this.telling);
    this.endings.forEach((end) => end());
    render(null, this.root);
    this.host.remove();
  };

  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): this {
    this.events.on(name, listener);
    return this;
  }

  off<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): this {
    this.events.off(name, listener);
    return this;
  }

  private mount(color: string | undefined): ShadowRoot {
    this.host.id = "rasa-proactive";
    const root = this.host.attachShadow({ mode: "open" });
    const sheets = [brandVariables(color), styles].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    root.adoptedStyleSheets = sheets;
    document.body.append(this.host);
    return root;
  }

  private draw(options: Options, speaker: Speaker): void {
    const { store, connection } = this;
    const title = options.title || speaker.say("title");
    render(h(App, { store, connection, speaker, title, open: this.open, close: this.close }), this.root);
  }

  /** Tell the page, and remember what must outlive it. */
  private follow(state: State, action: Action): void {
    switch (action.type) {
      case "opened":
        this.memory.open = true;
        this.events.emit("open", undefined);
        break;
      case "closed":
        this.memory.open = false;
        this.memory.dismissed = state.dismissed;
        this.events.emit("close", undefined);
        break;
      case "dismissed":
        this.memory.dismissed = state.dismissed;
        break;
      case "message":
        this.connection.outbox.keep();
        this.events.emit("message", action.message);
        break;
    }
    this.tellUnread();
  }

  private told = 0;
  private telling: ReturnType<typeof setTimeout> | undefined;

  /** A moment later: what is read at once was never unread. */
  private tellUnread(): void {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const { unread } = this.store.state;
      if (unread !== this.told) {
        this.told = unread;
        this.events.emit("unread", unread);
      }
    }, 150);
  }
}

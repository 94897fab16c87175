import { useMutation } from "@tanstack/react-query";
import {
  BarChart3, ContactRound, Inbox, KeyRound, LogOut, Menu as MenuIcon, MessageSquareText, MessagesSquare, Monitor, Moon,
  Settings, ShieldCheck, Smartphone, Sun, Users, type LucideIcon,
} from "lucide-react";
import { useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { api } from "../api/client";
import { useSession, useStanding } from "../api/session";
import type { Scope } from "../api/types";
import { Avatar, Button } from "../ui/basics";
import { Dialog } from "../ui/Dialog";
import { Menu } from "../ui/Menu";
import { toast } from "../ui/toast";
import { shell as words } from "../words/common";
import { PasswordDialog } from "./PasswordDialog";
import { SignInForm } from "./SignInForm";
import { currentTheme, setTheme, type Theme } from "./theme";
import { useNewTickets } from "./tickets";

interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
  scope: Scope;
}

const PLACES: readonly Place[] = [
  { to: "/proactive-chats", label: words.chats, icon: MessageSquareText, scope: "read" },
  { to: "/conversations", label: words.conversations, icon: MessagesSquare, scope: "read" },
  { to: "/inbox", label: words.inbox, icon: Inbox, scope: "agent" },
  { to: "/figures", label: words.metrics, icon: BarChart3, scope: "read" },
  { to: "/recipients", label: words.recipients, icon: ContactRound, scope: "read" },
];

const ADMIN: readonly Place[] = [
  { to: "/settings", label: words.settings, icon: Settings, scope: "read" },
  { to: "/keys", label: words.keys, icon: KeyRound, scope: "admin" },
  { to: "/users", label: words.users, icon: Users, scope: "admin" },
];

const PHONE: Place = { to: "/phone", label: words.phone, icon: Smartphone, scope: "send" };

export function Shell({ children }: { children: ReactNode }) {
  const { ended } = useStanding();
  const session = useSession();
  const [open, setOpen] = useState(false);
  const [path] = useLocation();
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="shell">
      <a className="button skip" href="#page">{words.skip}</a>
      <header className="topbar">
        <Button kind="plain" icon={MenuIcon} aria-label={words.menu} aria-expanded={open} onClick={() => setOpen(true)} />
        <Brand />
      </header>
      {open && <button type="button" className="shade" aria-label={words.closeMenu} onClick={() => setOpen(false)} />}
      <Sidebar open={open} onClose={() => setOpen(false)} />
      <main id="page" tabIndex={-1}>{children}</main>
      {ended && (
        <Dialog title={words.sessionEnded}>
          <div className="body stack">
            <p className="quiet">{words.sessionEndedText}</p>
            <SignInForm email={session.user.email} />
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Brand() {
  return <Link className="brand" href="/proactive-chats"><img src="/favicon.svg" alt="" />{words.product}</Link>;
}

function Sidebar({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { may } = useStanding();
  const { sandbox } = useSession();
  const waiting = useNewTickets(may("agent"));
  const shown = (places: readonly Place[]) => places.filter((place) => may(place.scope));
  return (
    <nav className={`sidebar nav${open ? " open" : ""}`} aria-label={words.pages} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <Brand />
      <Places places={shown(PLACES)} waiting={waiting} />
      <h2>{words.workspace}</h2>
      <Places places={shown(ADMIN)} waiting={0} />
      {sandbox && may("send") && (
        <>
          <h2>{words.sandbox}</h2>
          <Places places={[PHONE]} waiting={0} />
        </>
      )}
      <div className="foot"><Account /></div>
    </nav>
  );
}

function Places({ places, waiting }: { places: readonly Place[]; waiting: number }) {
  const [path] = useLocation();
  return (
    <ul>
      {places.map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <Link href={to} aria-current={path === to || path.startsWith(`${to}/`) ? "page" : undefined}>
            <Icon aria-hidden />
            {label}
            {to === "/inbox" && waiting > 0 && <span className="count num" aria-label={words.waiting(waiting)}>{waiting > 99 ? "99+" : waiting}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const THEMES: readonly { theme: Theme; label: string; icon: LucideIcon }[] = [
  { theme: "light", label: words.light, icon: Sun },
  { theme: "dark", label: words.dark, icon: Moon },
  { theme: "system", label: words.system, icon: Monitor },
];

function Account() {
  const { leave } = useStanding();
  const { user } = useSession();
  const [changing, setChanging] = useState(false);
  const [theme, chooseTheme] = useState(currentTheme());
  const out = useMutation({
    mutationFn: async (everywhere: boolean) => {
      await (everywhere ? api.DELETE("/v1/session/all") : api.DELETE("/v1/session"));
    },
    onSuccess: leave,
    onError: () => toast(words.signOutFailed),
  });
  const next = THEMES[(THEMES.findIndex((one) => one.theme === theme) + 1) % THEMES.length]!;
  const entries = [
    {
      id: "theme", label: words.theme(next.label), icon: next.icon,
      act: () => {
        setTheme(next.theme);
        chooseTheme(next.theme);
      },
    },
    { id: "password", label: words.changePassword, icon: ShieldCheck, act: () => setChanging(true) },
    { id: "out", label: words.signOut, icon: LogOut, act: () => out.mutate(false) },
    { id: "everywhere", label: words.signOutEverywhere, icon: LogOut, act: () => out.mutate(true) },
  ];
  return (
    <>
      <Menu label={words.account} entries={entries}>
        <button type="button" className="account">
          <span className="visually-hidden">{words.accountOf}</span>
          <Avatar name={user.name} />
          <span className="grow"><span>{user.name} </span><span className="quiet small">{user.role}</span></span>
        </button>
      </Menu>
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  );
}

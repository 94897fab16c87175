import { lazy, Suspense } from "react";
import { Redirect, Route, Router, Switch, useLocation } from "wouter";
import { useStanding } from "../api/session";
import { SetupPage, SignInPage } from "../pages/SignIn";
import { Failed } from "../ui/basics";
import { Toasts } from "../ui/toast";
import { actions } from "../words/common";
import { Boundary } from "./Boundary";
import { aroundNav, LeaveDialog } from "./leaving";
import { Shell } from "./Shell";
import { PageSkeleton } from "../ui/Page";
import { ChatsPage, ConversationsPage } from "../pages/Chats";

const ConversationPage = lazy(() => import("../pages/Conversation"));
const InboxPage = lazy(() => import("../pages/Inbox"));
const MetricsPage = lazy(() => import("../pages/Metrics"));
const RecipientsPage = lazy(() => import("../pages/Recipients"));
const RecipientPage = lazy(() => import("../pages/Recipient"));
const SettingsPage = lazy(() => import("../pages/Settings"));
const KeysPage = lazy(() => import("../pages/Keys"));
const UsersPage = lazy(() => import("../pages/Users"));
const PhonePage = lazy(() => import("../pages/Phone"));
const NotFoundPage = lazy(() => import("../pages/NotFound"));

export function App() {
  return (
    <Router aroundNav={aroundNav}>
      <Switch>
        <Route path="/signin" component={SignInPage} />
        <Route path="/setup" component={SetupPage} />
        <Route component={SignedIn} />
      </Switch>
      <Toasts />
      <LeaveDialog />
    </Router>
  );
}

function SignedIn() {
  const { session, problem, retry } = useStanding();
  const [path] = useLocation();
  if (problem) return <div className="center-page"><main><Failed problem={problem} retry={retry} /></main></div>;
  if (session === undefined) return <div className="center-page" aria-busy="true"><span className="spinner" role="status" aria-label={actions.loading} /></div>;
  if (session === null) {
    const here = path + location.search;
    return <Redirect to={here === "/" ? "/signin" : `/signin?return=${encodeURIComponent(here)}`} replace />;
  }
  return (
    <Shell>
      <Boundary key={path}>
        <Suspense fallback={<PageSkeleton />}><Pages /></Suspense>
      </Boundary>
    </Shell>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/"><Redirect to="/proactive-chats" replace /></Route>
      <Route path="/proactive-chats" component={ChatsPage} />
      <Route path="/proactive-chats/:id">{({ id }) => <ConversationPage id={id} kind="chat" />}</Route>
      <Route path="/conversations" component={ConversationsPage} />
      <Route path="/conversations/:id">{({ id }) => <ConversationPage id={id} kind="conversation" />}</Route>
      <Route path="/inbox/:id?">{({ id }) => <InboxPage id={id} />}</Route>
      <Route path="/figures" component={MetricsPage} />
      <Route path="/recipients" component={RecipientsPage} />
      <Route path="/recipients/:id">{({ id }) => <RecipientPage id={id} />}</Route>
      <Route path="/settings" component={SettingsPage} />
      <Route path="/keys" component={KeysPage} />
      <Route path="/users" component={UsersPage} />
      <Route path="/phone/:number?">{({ number }) => <PhonePage number={number && decodeURIComponent(number)} />}</Route>
      <Route component={NotFoundPage} />
    </Switch>
  );
}

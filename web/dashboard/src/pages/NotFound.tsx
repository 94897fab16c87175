import { Compass } from "lucide-react";
import { Link } from "wouter";
import { Empty } from "../ui/basics";
import { Page } from "../ui/Page";
import { notFound as words } from "../words/common";

export default function NotFoundPage() {
  return (
    <Page title={words.title}>
      <div className="card">
        <Empty icon={Compass} title={words.heading} action={<Link className="button" href="/proactive-chats">{words.link}</Link>}>
          {words.text}
        </Empty>
      </div>
    </Page>
  );
}

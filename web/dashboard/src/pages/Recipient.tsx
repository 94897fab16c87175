import NotFoundPage from "./NotFound";

export default function LaterPage(_props: any) {
  return <NotFoundPage />;
}

import { problemOf } from "../api/problems";

/** Fetches a CSV file and hands it to the browser's downloads. */
export async function saveCsv(address: string): Promise<void> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) {
    throw problemOf(response.status, await response.json().catch(() => null), response.headers.get("Retry-After"));
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? fileName(address);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function fileName(address: string): string {
  return new URL(address, location.origin).pathname.split("/").pop() ?? "export.csv";
}

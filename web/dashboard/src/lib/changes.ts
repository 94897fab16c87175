/** The parts of `after` that differ from `before`, down to single fields of objects that both have. */
export function changes(before: object, after: object): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(after)) {
    const old: unknown = (before as Record<string, unknown>)[name];
    if (JSON.stringify(old) === JSON.stringify(value)) continue;
    // What is one value to the API is sent whole.
    const whole = value === null || old === null || typeof value !== "object" || typeof old !== "object" || !["sms", "messenger"].includes(name);
    found[name] = whole ? value : changes(old as object, value as object);
  }
  return found;
}

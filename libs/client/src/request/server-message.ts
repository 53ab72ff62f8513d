/** Returns the text of an error body: `{"error"}` and `{"message"}` of a manager, or `{"msg"}` of a worker. */
export function serverMessage(body: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { error, msg, message } = value as Record<string, unknown>;
  return [error, msg, message].find((text) => typeof text === 'string');
}

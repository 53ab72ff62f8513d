/** `1 report`, `2 reports`, for messages. */
export function reports(count: number): string {
  return count === 1 ? '1 report' : `${count} reports`;
}

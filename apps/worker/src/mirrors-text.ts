/** `1 mirror`, `2 mirrors`, for messages. */
export function mirrorsText(count: number): string {
  return count === 1 ? '1 mirror' : `${count} mirrors`;
}

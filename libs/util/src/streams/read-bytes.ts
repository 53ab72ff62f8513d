/** The bytes of a body; `complete` is false when it was longer than allowed. */
export interface BoundedBytes {
  bytes: Buffer;
  complete: boolean;
}

/**
 * Reads a body of at most `maxBytes`. Of a longer one it returns the first `maxBytes`, and stops reading: the body's
 * iterator is closed.
 *
 * @throws the error of the body, when it breaks off
 */
export async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<BoundedBytes> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes) return { bytes: Buffer.concat(chunks, maxBytes), complete: false };
  }
  return { bytes: Buffer.concat(chunks, size), complete: true };
}

import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';

/** Reads server-sent events until the stream ends. @param onBytes - called for all bytes, comments included */
export async function readEventStream(
  body: ReadableStream<Uint8Array>,
  onMessage: (message: EventSourceMessage) => void,
  onBytes: () => void = () => undefined,
): Promise<void> {
  const seen = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      onBytes();
      controller.enqueue(chunk);
    },
  });
  const reader = body
    .pipeThrough(seen)
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onMessage(value);
    }
  } catch (error) {
    // an abort in the middle, as on an invalid message, leaves no connection open
    reader.cancel(error).catch(() => undefined);
    throw error;
  }
}

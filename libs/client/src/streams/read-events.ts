import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { BadReplyError } from '../request/errors.js';

/** The maximum length of an event in characters. A thousand jobs with long errors need far fewer. */
const longestEvent = 16 * 1024 * 1024;

/** Yields the events of a body of `text/event-stream`. @throws BadReplyError for an event that is too long */
export async function* readEvents(
  address: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<EventSourceMessage> {
  const decoder = new TextDecoder();
  const come: EventSourceMessage[] = [];
  const broken = new Set<string>();
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: (event) => come.push(event),
    onError: ({ type }) => {
      broken.add(type);
    },
  });
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* come.splice(0);
    if (broken.has('max-buffer-size-exceeded'))
      throw new BadReplyError(address, `an event is longer than ${longestEvent} characters`);
  }
}

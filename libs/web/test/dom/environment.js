import { TestEnvironment } from 'jest-environment-jsdom';

/** Network classes that jsdom lacks, from Node.js. */
const ofNode = {
  Response,
  Headers,
  ReadableStream,
  TransformStream,
  TextEncoder,
  TextDecoder,
  TextDecoderStream,
  TextEncoderStream,
  Uint8Array,
};

/** A page of a browser at the manager's address, without a network. */
export default class PageEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, ofNode);
  }
}
